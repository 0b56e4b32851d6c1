namespace Gateway.Core.Storage.Entities;

/// <summary>The one row whose number rises with every admin change. Its row lock puts changes in the order of their numbers.</summary>
public sealed class PolicyRevision
{
    /// <summary>Always 1.</summary>
    public int Id { get; set; }

    /// <summary>The number of the newest change.</summary>
    public long Revision { get; set; }
}
