using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>What nodes tell one another of their windows.</summary>
internal sealed class WindowShareMapping : IEntityTypeConfiguration<WindowShare>
{
    public const int NodeLength = 128;

    public void Configure(EntityTypeBuilder<WindowShare> share)
    {
        share.ToTable("window_shares");
        share.HasKey(s => new { s.Counter, s.Node });
        share.Property(s => s.Counter).HasMaxLength(WindowShare.LongestCounter);
        share.Property(s => s.Node).HasMaxLength(NodeLength);
        share.HasIndex(s => s.Round);
    }
}
