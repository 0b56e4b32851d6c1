using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Sums of the ledger by hour, by day, and in less detail.</summary>
internal sealed class UsageSumMapping
    : IEntityTypeConfiguration<HourlyUsage>,
        IEntityTypeConfiguration<DailyUsage>,
        IEntityTypeConfiguration<UsageTotals>
{
    public void Configure(EntityTypeBuilder<HourlyUsage> sum) => MapRollup(sum, "usage_hourly");

    public void Configure(EntityTypeBuilder<DailyUsage> sum)
    {
        MapRollup(sum, "usage_daily");
        sum.HasIndex(r => new { r.TeamId, r.BucketStart });
    }

    public void Configure(EntityTypeBuilder<UsageTotals> sum)
    {
        sum.ToTable("usage_totals");
        sum.HasKey(t => new
        {
            t.Grain,
            t.UserId,
            t.BucketStart,
            t.TeamId,
            t.ModelId,
            t.TierId,
        });
    }

    private static void MapRollup<T>(EntityTypeBuilder<T> rollup, string table)
        where T : UsageRollup
    {
        rollup.ToTable(table);
        rollup.HasKey(r => new
        {
            r.BucketStart,
            r.UserId,
            r.ApiKeyId,
            r.ModelId,
            r.TeamId,
            r.TierId,
        });
        rollup.HasIndex(r => new { r.UserId, r.BucketStart });
        rollup.HasIndex(r => new { r.ApiKeyId, r.BucketStart });
    }
}
