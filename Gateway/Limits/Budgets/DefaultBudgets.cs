using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Limits.Budgets;

/// <summary>The cap of <see cref="DefaultBudget"/> as it is now: a change of the setting acts at the next call.</summary>
internal sealed class DefaultBudgets(IDbContextFactory<HubDbContext> databases, BudgetOptions options) : IChangeConsumer
{
    private long _capNanoUsd; // 0: none

    /// <summary>The user's own limits, and the default budget where it holds.</summary>
    public ScopeQuotas QuotasOf(CallingUser user) =>
        user.HasDefaultBudget && Volatile.Read(ref _capNanoUsd) is > 0 and var cap
            ? user.QuotasWithDefault(Money.FromNanoUsd(cap))
            : user.Quotas;

    /// <inheritdoc />
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var cap = await DefaultBudget.ReadCapAsync(db, options, cancellationToken);
        Volatile.Write(ref _capNanoUsd, cap?.NanoUsd ?? 0);
    }

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) =>
        changes.Any(HubSettings.DefaultMonthlyBudget.IsChangedBy) ? ResetAsync(cancellationToken) : Task.CompletedTask;
}
