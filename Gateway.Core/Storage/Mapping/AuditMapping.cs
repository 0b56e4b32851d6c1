using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Who did what, and what is left of deleted rows.</summary>
internal sealed class AuditMapping : IEntityTypeConfiguration<AuditEntry>, IEntityTypeConfiguration<Tombstone>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("audit_log");
        entry.HasIndex(a => a.CreatedAt);
        entry.HasIndex(a => new { a.ActorId, a.CreatedAt });
        entry.HasIndex(a => new
        {
            a.Action,
            a.CreatedAt,
            a.EntityType,
        });
        entry.HasIndex(a => new { a.EntityId, a.CreatedAt });
        entry.HasIndex(a => new { a.EntityType, a.CreatedAt });
    }

    public void Configure(EntityTypeBuilder<Tombstone> tombstone)
    {
        tombstone.ToTable("tombstones");
        tombstone.HasKey(t => new { t.EntityType, t.EntityId });
    }
}
