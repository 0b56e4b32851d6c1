namespace Gateway.Admin.Conventions;

/// <summary>What is counted of a day or an hour.</summary>
internal sealed class TimeSum
{
    /// <summary>The start of the day or hour.</summary>
    public DateTime Start { get; init; }

    public long Count { get; init; }
}
