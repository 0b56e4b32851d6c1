using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Sums of the ledger by hour, by day, and in less detail.</summary>
internal sealed class UsageSumMapping
    : IEntityTypeConfiguration<HourlyUsage>,
        IEntityTypeConfiguration<DailyUsage>,
        IEntityTypeConfiguration<UsageTotals>,
        IEntityTypeConfiguration<UsageByLabel>
{
    public void Configure(EntityTypeBuilder<HourlyUsage> sum) => MapRollup(sum, "usage_hourly");

    public void Configure(EntityTypeBuilder<DailyUsage> sum)
    {
        MapRollup(sum, "usage_daily");
        sum.HasIndex(r => new { r.TeamNumber, r.BucketStart });
    }

    public void Configure(EntityTypeBuilder<UsageTotals> sum)
    {
        sum.ToTable("usage_totals");
        sum.HasKey(t => new
        {
            t.Grain,
            t.UserNumber,
            t.BucketStart,
            t.TeamNumber,
            t.ModelNumber,
            t.TierNumber,
        });
    }

    public void Configure(EntityTypeBuilder<UsageByLabel> sum)
    {
        sum.ToTable("usage_by_label");
        sum.HasKey(s => new
        {
            s.Kind,
            s.BucketStart,
            s.UserNumber,
            s.Label,
        });
        sum.HasIndex(s => new { s.UserNumber, s.BucketStart });
    }

    private static void MapRollup<T>(EntityTypeBuilder<T> rollup, string table)
        where T : UsageRollup
    {
        rollup.ToTable(table);
        rollup.HasKey(r => new
        {
            r.BucketStart,
            r.UserNumber,
            r.ApiKeyNumber,
            r.ModelNumber,
            r.TeamNumber,
            r.TierNumber,
        });
        rollup.HasIndex(r => new { r.UserNumber, r.BucketStart });
        rollup.HasIndex(r => new { r.ApiKeyNumber, r.BucketStart });
    }
}
