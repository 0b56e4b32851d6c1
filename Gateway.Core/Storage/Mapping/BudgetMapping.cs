using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Limits on money, and what was spent of their windows.</summary>
internal sealed class BudgetMapping : IEntityTypeConfiguration<BudgetRow>, IEntityTypeConfiguration<BudgetSpend>
{
    public void Configure(EntityTypeBuilder<BudgetRow> budget)
    {
        budget.ToTable("budgets");
        budget
            .HasIndex(b => new
            {
                b.CreatedAt,
                b.Id,
                b.TierId,
                b.UserId,
                b.TeamId,
                b.ApiKeyId,
            })
            .HasDatabaseName("ix_budgets_list");
        budget.HasIndex(b => b.UserId);
        budget.HasIndex(b => b.TeamId);
        budget.HasIndex(b => b.ApiKeyId);
        budget.HasIndex(b => b.TierId);
        budget.HasIndex(b => b.ModelId);
        budget.HasIndex(b => b.ExternalId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<BudgetSpend> spend)
    {
        spend.ToTable("budget_spend");
        spend.HasKey(s => new
        {
            s.BudgetId,
            s.WindowStart,
            s.SubjectId,
        });
    }
}
