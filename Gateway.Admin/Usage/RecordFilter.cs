namespace Gateway.Admin.Usage;

/// <summary>Which calls are wanted; null: all. <see cref="Until"/> is the first moment that is too late.</summary>
internal sealed record RecordFilter(string? UserId, string? ModelId, DateTime? From, DateTime? Until)
{
    /// <summary>Only calls with this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Only calls for this end user.</summary>
    public string? EndUser { get; init; }
}
