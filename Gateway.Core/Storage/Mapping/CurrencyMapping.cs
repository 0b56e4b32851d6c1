using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Currencies and the rates between them.</summary>
internal sealed class CurrencyMapping : IEntityTypeConfiguration<Currency>, IEntityTypeConfiguration<ExchangeRate>
{
    public void Configure(EntityTypeBuilder<Currency> currency) => currency.ToTable("currencies");

    public void Configure(EntityTypeBuilder<ExchangeRate> rate)
    {
        rate.ToTable("exchange_rates");
        rate.Property(r => r.Rate).HasPrecision(20, 10);
        rate.HasIndex(r => new { r.FromCurrency, r.ToCurrency }).IsUnique();
    }
}
