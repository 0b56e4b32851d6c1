namespace Gateway.Core.Storage.Entities;

/// <summary>What a user's calls with one tag, or for one end user, used in a day. A call with several tags counts for each.</summary>
public sealed class UsageByLabel : UsageSum
{
    /// <summary>The number of the user's id.</summary>
    public int UserNumber { get; set; }

    /// <summary>One of <see cref="LabelKinds"/>.</summary>
    public int Kind { get; set; }

    /// <summary>The tag or end user; empty: all beyond those that are added up apart.</summary>
    public required string Label { get; set; }
}
