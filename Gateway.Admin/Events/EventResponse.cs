using System.Text.Json;
using Gateway.Admin.Replies;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Events;

/// <summary>Event, as it is shown. <c>next_delivery_at</c> null and <c>delivered_at</c> null: it is not sent any more.</summary>
[Alias("event", "events")]
internal sealed record EventResponse(
    string Id,
    string Type,
    string? Scope,
    string? ScopeId,
    JsonElement Data,
    DateTime CreatedAt,
    DateTime? DeliveredAt,
    int DeliveryAttempts,
    DateTime? NextDeliveryAt
)
{
    public static EventResponse From(EventRow row) =>
        new(
            row.Id,
            row.Type,
            row.Scope,
            row.ScopeId,
            JsonElement.Parse(row.Data),
            row.CreatedAt,
            row.DeliveredAt,
            row.DeliveryAttempts,
            row.NextDeliveryAt
        );
}
