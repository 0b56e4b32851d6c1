using Gateway.Admin.Replies;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Tombstones;

/// <summary>
/// Something that an admin deleted here and that LiteLLM may still have. While <c>is_held</c> is true no sync brings it back.
/// </summary>
[Alias("deleted", "deleted")]
internal sealed record DeletedResponse(
    string Type,
    string Id,
    string Name,
    string? ExternalId,
    bool IsHeld,
    DateTime DeletedAt,
    DateTime? RestoredAt
)
{
    public static DeletedResponse From(Tombstone kept) =>
        new(kept.EntityType, kept.EntityId, kept.Name, kept.ExternalId, kept.LiftedAt is null, kept.DeletedAt, kept.LiftedAt);
}
