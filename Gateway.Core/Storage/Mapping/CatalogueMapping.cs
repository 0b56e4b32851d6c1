using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Models with their makers, switches and prices.</summary>
internal sealed class CatalogueMapping
    : IEntityTypeConfiguration<Company>,
        IEntityTypeConfiguration<CatalogModel>,
        IEntityTypeConfiguration<ModelConfig>,
        IEntityTypeConfiguration<ModelRate>
{
    public void Configure(EntityTypeBuilder<Company> company)
    {
        company.ToTable("companies");
        company.HasIndex(c => c.ExternalId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<CatalogModel> model)
    {
        model.ToTable("models");
        model.HasIndex(m => m.ExternalId).IsUnique();
        model.HasOne<Company>().WithMany().HasForeignKey(m => m.CompanyId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<ModelConfig> config)
    {
        config.ToTable("model_configs");
        config.HasIndex(c => c.ModelId).IsUnique();
        config.HasOne<CatalogModel>().WithMany().HasForeignKey(c => c.ModelId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ModelRate> rate)
    {
        rate.ToTable("model_rates");
        rate.HasKey(r => new { r.ModelId, r.RateKey });
        rate.HasOne<CatalogModel>().WithMany().HasForeignKey(r => r.ModelId).OnDelete(DeleteBehavior.Cascade);
    }
}
