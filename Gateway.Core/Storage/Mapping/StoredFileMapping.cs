using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Files of users, and their bytes where those are in the database.</summary>
internal sealed class StoredFileMapping : IEntityTypeConfiguration<StoredFile>, IEntityTypeConfiguration<StoredFilePart>
{
    public void Configure(EntityTypeBuilder<StoredFile> file)
    {
        file.ToTable("files");
        file.HasIndex(f => new
        {
            f.UserId,
            f.UploadedAt,
            f.Id,
        });
        file.HasIndex(f => f.ChatId);
        file.HasIndex(f => f.MessageId);
        file.HasOne<User>().WithMany().HasForeignKey(f => f.UserId).OnDelete(DeleteBehavior.Cascade);
        file.HasOne<Chat>().WithMany().HasForeignKey(f => f.ChatId).OnDelete(DeleteBehavior.SetNull);
        file.HasOne<ChatMessage>().WithMany().HasForeignKey(f => f.MessageId).OnDelete(DeleteBehavior.SetNull);
    }

    public void Configure(EntityTypeBuilder<StoredFilePart> part)
    {
        part.ToTable("file_parts");
        part.HasKey(p => new { p.FileId, p.PartNumber });
    }
}
