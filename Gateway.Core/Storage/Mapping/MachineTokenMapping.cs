using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Credentials of machines for management.</summary>
internal sealed class MachineTokenMapping : IEntityTypeConfiguration<MachineToken>
{
    public void Configure(EntityTypeBuilder<MachineToken> token)
    {
        token.ToTable("access_tokens");
        token.HasIndex(t => t.PublicId).IsUnique();
    }
}
