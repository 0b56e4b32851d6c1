namespace Gateway.Core.Storage.Entities;

/// <summary>The values of <c>usage_records.status</c>.</summary>
public static class RecordStatuses
{
    /// <summary>There was an answer, if only a part of one.</summary>
    public const string Completed = "completed";

    /// <summary>There was none.</summary>
    public const string Failed = "failed";
}
