using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Limits on requests and tokens.</summary>
internal sealed class RateLimitMapping : IEntityTypeConfiguration<RateLimitRow>
{
    public void Configure(EntityTypeBuilder<RateLimitRow> limit)
    {
        limit.ToTable("rate_limits");
        limit.HasIndex(l => l.ScopeKey).IsUnique();
        limit.HasIndex(l => l.UserId);
        limit.HasIndex(l => l.TeamId);
        limit.HasIndex(l => l.ApiKeyId);
        limit.HasIndex(l => l.ModelId);
        limit
            .HasIndex(l => new
            {
                l.CreatedAt,
                l.Id,
                l.TierId,
                l.UserId,
                l.TeamId,
                l.ApiKeyId,
            })
            .HasDatabaseName("ix_rate_limits_list");
        limit.HasOne<Tier>().WithMany().HasForeignKey(l => l.TierId).OnDelete(DeleteBehavior.Cascade);
        limit.HasOne<CatalogModel>().WithMany().HasForeignKey(l => l.ModelId).OnDelete(DeleteBehavior.Cascade);
    }
}
