using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;

namespace Gateway.Limits;

/// <summary>How everything that limits a caller stands at this moment.</summary>
internal sealed class LimitViews(
    QuotaResolver quotas,
    AdmissionController admission,
    BudgetBook book,
    PolicySource policy,
    TimeProvider time
)
{
    /// <exception cref="CallerStoreUnavailableException">Something is not in memory and the database is away.</exception>
    public async Task<LimitsView> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        var current = policy.Current;
        var all = await quotas.ResolveAllAsync(caller, current, cancellationToken);
        var names = current.Models.ToDictionary(m => m.Id, m => m.Name);
        var userId = caller.User.Id;
        var rates = new List<RateView>();
        foreach (var limit in all.Rates)
        {
            foreach (var usage in await admission.ReadAsync(limit, userId, cancellationToken))
            {
                rates.Add(
                    new RateView(
                        limit.Scope.ToName(),
                        ModelOf(limit.ModelId),
                        usage.Window.ToName(),
                        limit.Mode.ToName(),
                        usage.Limit,
                        usage.Used,
                        usage.Held,
                        usage.Remaining,
                        usage.ResetAt
                    )
                );
            }
        }
        var budgets = new List<BudgetView>();
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var budget in all.Budgets)
        {
            var (spent, held) = (await book.LineAsync(budget, userId, now)) is var line ? line.Account.Read(line) : default;
            budgets.Add(
                new BudgetView(
                    budget.Scope.ToName(),
                    ModelOf(budget.ModelId),
                    budget.Period.Text,
                    budget.Mode.ToName(),
                    budget.Cap.ToUsd(),
                    spent.ToUsd(),
                    held.ToUsd(),
                    Left(budget.Cap - spent - held),
                    budget.Period.WindowAt(now).End
                )
            );
        }
        return new LimitsView(rates, budgets, all.IsPrepaid ? await ReadBalanceAsync(userId) : null);

        string? ModelOf(string? id) => id is null ? null : names.GetValueOrDefault(id, id);
    }

    /// <summary>What is left of a prepaid user's balance at this moment, charges included that the database has not got yet.</summary>
    public async Task<decimal> ReadBalanceLeftAsync(string userId) => (await ReadBalanceAsync(userId)).Remaining;

    private async Task<BalanceView> ReadBalanceAsync(string userId)
    {
        var line = await book.BalanceAsync(userId);
        lock (line.Account.Gate)
        {
            return new BalanceView(Money.UsdOf(line.Account.Available(line)), Money.UsdOf(line.Account.HeldNanoUsd));
        }
    }

    private static decimal Left(Money money) => money > Money.Zero ? money.ToUsd() : 0;
}
