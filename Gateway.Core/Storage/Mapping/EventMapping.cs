using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>What operators want to know.</summary>
internal sealed class EventMapping : IEntityTypeConfiguration<EventRow>
{
    public void Configure(EntityTypeBuilder<EventRow> row)
    {
        row.ToTable("events");
        row.HasIndex(v => v.DedupeKey).IsUnique();
        row.HasIndex(v => v.CreatedAt);
        row.HasIndex(v => new { v.Type, v.CreatedAt });
        row.HasIndex(v => new { v.Scope, v.CreatedAt });
        row.HasIndex(v => new { v.ScopeId, v.CreatedAt });
        row.HasIndex(v => v.NextDeliveryAt);
    }
}
