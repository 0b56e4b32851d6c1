using System.Text.Json;
using Gateway.Admin.Replies;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Audit;

/// <summary>AuditLog, as it is shown: <c>before</c> and <c>after</c> hold the changed members only.</summary>
[Alias("audit_log", "audit_logs")]
internal sealed record AuditResponse(
    string Id,
    string? ActorId,
    string? ActorRole,
    string Action,
    string EntityType,
    string EntityId,
    JsonElement? Before,
    JsonElement? After,
    string? Ip,
    string? RequestId,
    DateTime CreatedAt
)
{
    public static AuditResponse From(AuditEntry row) =>
        new(
            row.Id,
            row.ActorId,
            row.ActorRole,
            row.Action,
            row.EntityType,
            row.EntityId,
            row.Before is null ? null : JsonElement.Parse(row.Before),
            row.After is null ? null : JsonElement.Parse(row.After),
            row.Ip,
            row.RequestId,
            row.CreatedAt
        );
}
