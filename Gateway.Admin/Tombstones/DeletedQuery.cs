using System.ComponentModel;
using Gateway.Admin.Requests;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Tombstones;

/// <summary>Which deleted entries are wanted.</summary>
internal sealed record DeletedQuery : WholeListQuery
{
    // What a sync would bring back.
    [OneOf(ChangedEntities.Model, ChangedEntities.Company, ChangedEntities.Budget)]
    public string? Type { get; init; }

    [Description("True: syncs leave it out. False: it may come back.")]
    public bool? IsHeld { get; init; }
}
