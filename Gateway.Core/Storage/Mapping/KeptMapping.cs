using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>What upstreams keep for users, and batches that are not settled.</summary>
internal sealed class KeptMapping
    : IEntityTypeConfiguration<KeptObject>,
        IEntityTypeConfiguration<BatchFile>,
        IEntityTypeConfiguration<BatchCall>
{
    public void Configure(EntityTypeBuilder<KeptObject> kept)
    {
        kept.ToTable("kept_objects");
        kept.HasKey(k => new { k.Id, k.Upstream });
        kept.HasIndex(k => new
        {
            k.UserId,
            k.Kind,
            k.CreatedAt,
        });
        kept.HasIndex(k => k.UsedAt);
    }

    public void Configure(EntityTypeBuilder<BatchFile> file)
    {
        file.ToTable("batch_files");
        file.HasKey(f => new { f.Id, f.Upstream });
    }

    public void Configure(EntityTypeBuilder<BatchCall> call) => call.ToTable("batch_calls");
}
