using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Upstreams, and the models that stand at them.</summary>
internal sealed class UpstreamMapping : IEntityTypeConfiguration<UpstreamRow>, IEntityTypeConfiguration<UpstreamModelRow>
{
    public void Configure(EntityTypeBuilder<UpstreamRow> upstream)
    {
        upstream.ToTable("upstreams");
        upstream.HasIndex(u => u.Name).IsUnique();
    }

    public void Configure(EntityTypeBuilder<UpstreamModelRow> model)
    {
        model.ToTable("upstream_models");
        model.HasKey(m => new { m.UpstreamId, m.ModelId });
        model.HasIndex(m => m.ModelId);
        model.HasOne<UpstreamRow>().WithMany().HasForeignKey(m => m.UpstreamId).OnDelete(DeleteBehavior.Cascade);
        model.HasOne<CatalogModel>().WithMany().HasForeignKey(m => m.ModelId).OnDelete(DeleteBehavior.Cascade);
    }
}
