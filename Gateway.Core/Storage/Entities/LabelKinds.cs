namespace Gateway.Core.Storage.Entities;

/// <summary>What clients say of calls. The numbers stand in the database: never change them.</summary>
public static class LabelKinds
{
    /// <summary>A tag.</summary>
    public const int Tag = 1;

    /// <summary>The end user that the caller made the call for.</summary>
    public const int EndUser = 2;
}
