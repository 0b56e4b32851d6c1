using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>The ledger, the calls that it does not take, kept prompts and answers, and how far the retention has come.</summary>
internal sealed class LedgerMapping
    : IEntityTypeConfiguration<LedgerEntry>,
        IEntityTypeConfiguration<LedgerTraits>,
        IEntityTypeConfiguration<LedgerName>,
        IEntityTypeConfiguration<SetAsideRecord>,
        IEntityTypeConfiguration<BackgroundCall>,
        IEntityTypeConfiguration<RequestContent>,
        IEntityTypeConfiguration<LedgerHorizon>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> entry)
    {
        entry.ToTable("ledger_entries");
        entry.HasIndex(e => new { e.UserNumber, e.AdmittedAt });
        entry.HasIndex(e => new { e.ModelNumber, e.AdmittedAt });
        entry.HasIndex(e => e.AdmittedAt);
        entry.HasIndex(e => new { e.EndUser, e.AdmittedAt }).HasFilter("end_user IS NOT NULL");
        entry.HasIndex(e => new { e.TeamNumber, e.AdmittedAt }).HasFilter("team_number IS NOT NULL");
        entry.HasIndex(e => e.AdmittedAt, "ix_ledger_entries_prepaid").HasFilter("is_prepaid");
        entry.HasIndex(e => e.AdmittedAt, "ix_ledger_entries_bound").HasFilter("is_bound");
        entry.HasIndex(e => e.ExternalRequestId, "ix_ledger_entries_responses").HasFilter(ResponseIds.Filter);
        entry.HasIndex(e => e.CorrectsId).IsUnique().HasFilter("corrects_id IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<LedgerTraits> traits)
    {
        traits.ToTable("ledger_traits");
        traits.HasKey(t => t.Number);
    }

    public void Configure(EntityTypeBuilder<LedgerName> name)
    {
        name.ToTable("ledger_names");
        name.HasKey(n => n.Number);
        name.HasIndex(n => n.Name).IsUnique();
    }

    public void Configure(EntityTypeBuilder<SetAsideRecord> record) => record.ToTable("set_aside_records");

    public void Configure(EntityTypeBuilder<BackgroundCall> call) => call.ToTable("background_calls");

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
