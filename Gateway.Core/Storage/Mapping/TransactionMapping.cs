using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Money that people moved.</summary>
internal sealed class TransactionMapping : IEntityTypeConfiguration<TransactionRow>
{
    public void Configure(EntityTypeBuilder<TransactionRow> transaction)
    {
        transaction.ToTable("transactions");
        transaction.HasIndex(t => new
        {
            t.UserId,
            t.CreatedAt,
            t.Type,
            t.Status,
        });
        transaction.HasIndex(t => t.CreatedAt);
        transaction.HasIndex(t => new { t.Status, t.CreatedAt });
        transaction.HasIndex(t => new { t.Type, t.CreatedAt });
        transaction.HasIndex(t => new { t.PaymentProvider, t.PaymentId }).IsUnique();
    }
}
