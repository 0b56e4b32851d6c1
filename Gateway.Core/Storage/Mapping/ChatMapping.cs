using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Chats, their messages, the answers that are being made, and the nodes that make them.</summary>
internal sealed class ChatMapping
    : IEntityTypeConfiguration<Chat>,
        IEntityTypeConfiguration<ChatMessage>,
        IEntityTypeConfiguration<ChatTurn>,
        IEntityTypeConfiguration<TrafficNode>
{
    public void Configure(EntityTypeBuilder<Chat> chat)
    {
        chat.ToTable("chats");
        // All that lists and searches ask for: neither reads a row that it does not show.
        chat.HasIndex(c => new
            {
                c.UserId,
                c.UpdatedAt,
                c.Id,
                c.IsArchived,
                c.IsFavorite,
                c.FolderId,
                c.TitleKey,
            })
            .HasDatabaseName("ix_chats_of_user");
        chat.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ChatMessage> message)
    {
        message.ToTable("chat_messages");
        message.HasIndex(m => new { m.ChatId, m.SequenceNumber }).IsUnique();
        message.HasOne<Chat>().WithMany().HasForeignKey(m => m.ChatId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ChatTurn> turn)
    {
        turn.ToTable("chat_turns");
        turn.HasKey(t => t.ChatId);
        turn.HasIndex(t => t.NodeId);
        turn.HasOne<Chat>().WithMany().HasForeignKey(t => t.ChatId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<TrafficNode> node)
    {
        node.ToTable("traffic_nodes");
        node.HasKey(n => n.Name);
    }
}
