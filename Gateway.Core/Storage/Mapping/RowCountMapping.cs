using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>How long lists are, by day.</summary>
internal sealed class RowCountMapping : IEntityTypeConfiguration<RowCount>
{
    public void Configure(EntityTypeBuilder<RowCount> count)
    {
        count.ToTable("row_counts");
        count.HasKey(c => new
        {
            c.List,
            c.Day,
            c.Kind,
            c.Detail,
        });
    }
}
