using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>The revision of the policy in force, and what each revision touched.</summary>
internal sealed class PolicyMapping : IEntityTypeConfiguration<PolicyRevision>, IEntityTypeConfiguration<ChangeLogEntry>
{
    public void Configure(EntityTypeBuilder<PolicyRevision> revision)
    {
        revision.ToTable("policy_revision");
        revision.Property(r => r.Id).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<ChangeLogEntry> entry)
    {
        entry.ToTable("change_log");
        entry.HasKey(c => c.Revision);
        entry.Property(c => c.Revision).ValueGeneratedNever();
    }
}
