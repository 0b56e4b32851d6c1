using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>The ledger, the calls that it does not take, kept prompts and answers, and how far the retention has come.</summary>
internal sealed class LedgerMapping
    : IEntityTypeConfiguration<UsageRecord>,
        IEntityTypeConfiguration<SetAsideRecord>,
        IEntityTypeConfiguration<RequestContent>,
        IEntityTypeConfiguration<LedgerHorizon>
{
    public void Configure(EntityTypeBuilder<UsageRecord> record)
    {
        record.ToTable("usage_records");
        record.Ignore(r => r.Charges);
        record.Ignore(r => r.Usage);
        foreach (var column in UsageColumns.Names)
        {
            record.IndexerProperty<long>(column);
        }
        record.Ignore(r => r.IsBalanceHeld);
        record.HasIndex(r => new { r.TeamId, r.AdmittedAt }).HasFilter("team_id IS NOT NULL");
        record.HasIndex(r => new
        {
            r.UserId,
            r.AdmittedAt,
            r.CorrectsId,
        });
        record.HasIndex(r => new { r.ApiKeyId, r.AdmittedAt });
        record.HasIndex(r => new
        {
            r.ModelId,
            r.AdmittedAt,
            r.CorrectsId,
        });
        record.HasIndex(r => new { r.AdmittedAt, r.CorrectsId });
        record.HasIndex(r => new { r.AdmittedAt, r.TotalCostNanoUsd }).HasFilter("is_prepaid").HasDatabaseName("ix_usage_records_prepaid");
        record.HasIndex(r => r.CorrectsId).IsUnique().HasFilter("corrects_id IS NOT NULL");
        record.HasIndex(r => r.AdmittedAt, "ix_usage_records_bound").HasFilter("usage_source = 'bound'");
    }

    public void Configure(EntityTypeBuilder<SetAsideRecord> record) => record.ToTable("set_aside_records");

    public void Configure(EntityTypeBuilder<RequestContent> content)
    {
        content.ToTable("request_contents");
        content.HasIndex(c => c.CreatedAt);
    }

    public void Configure(EntityTypeBuilder<LedgerHorizon> horizon)
    {
        horizon.ToTable("ledger_horizon");
        horizon.Property(h => h.Id).ValueGeneratedNever();
    }
}
