using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Gateway.Limits.Budgets;

namespace Gateway.Limits.Rates;

/// <summary>
/// Finds what limits a call: of its key, user and team, and of its model in the user's tier. Memory only, except at the first use of a team
/// on this node.
/// </summary>
internal sealed class QuotaResolver(CallerDirectory directory, DefaultBudgets defaults, BudgetOptions options)
{
    /// <exception cref="CallerStoreUnavailableException">The team is not in memory, the database is away, and the tier does not fail
    /// open.</exception>
    public ValueTask<CallQuotas> ResolveAsync(Caller caller, PolicyModel model, PolicySnapshot policy, CancellationToken cancellationToken)
    {
        if (caller.TeamId is not { } teamId)
        {
            return ValueTask.FromResult(Combine(caller, ScopeQuotas.None, model, policy));
        }
        var team = directory.FindTeamQuotasAsync(teamId, cancellationToken);
        return team.IsCompletedSuccessfully
            ? ValueTask.FromResult(Combine(caller, team.Result, model, policy))
            : WaitAsync(team, caller, model, policy);
    }

    /// <summary>The rates of a caller that hold whatever its call asks for: those of key, user and team for all models.</summary>
    /// <exception cref="CallerStoreUnavailableException">The team is not in memory and the database is away.</exception>
    public async ValueTask<IReadOnlyList<RateLimit>> ResolveForReadingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var team = caller.TeamId is { } teamId ? await directory.FindTeamQuotasAsync(teamId, cancellationToken) : ScopeQuotas.None;
        List<RateLimit>? found = null;
        AddTo(ref found, caller.Key?.Quotas ?? ScopeQuotas.None);
        AddTo(ref found, caller.User.Quotas);
        AddTo(ref found, team);
        return found ?? (IReadOnlyList<RateLimit>)[];

        static void AddTo(ref List<RateLimit>? found, ScopeQuotas scope)
        {
            for (var i = 0; i < scope.Rates.Count; i++)
            {
                if (scope.Rates[i].ModelId is null)
                {
                    (found ??= []).Add(scope.Rates[i]);
                }
            }
        }
    }

    /// <summary>Everything that limits a caller, whatever the model: for showing, not for the hot path.</summary>
    /// <exception cref="CallerStoreUnavailableException">The team is not in memory and the database is away.</exception>
    public async ValueTask<CallQuotas> ResolveAllAsync(Caller caller, PolicySnapshot policy, CancellationToken cancellationToken)
    {
        var team = caller.TeamId is { } teamId ? await directory.FindTeamQuotasAsync(teamId, cancellationToken) : ScopeQuotas.None;
        List<ScopeQuotas> scopes = [caller.Key?.Quotas ?? ScopeQuotas.None, defaults.QuotasOf(caller.User), team];
        scopes.AddRange(
            policy.Models.Where(m => m.IsEnabled && caller.MayUse(m, policy)).Select(m => policy.TierQuotas(caller.User.TierId, m.Id))
        );
        var tier = policy.FindTier(caller.User.TierId);
        return new CallQuotas(
            [.. scopes.SelectMany(s => s.Rates).DistinctBy(r => r.Id)],
            [.. scopes.SelectMany(s => s.Budgets).DistinctBy(b => b.Id)],
            IsPrepaid(caller, tier),
            tier
        );
    }

    private async ValueTask<CallQuotas> WaitAsync(ValueTask<ScopeQuotas> team, Caller caller, PolicyModel model, PolicySnapshot policy)
    {
        try
        {
            return Combine(caller, await team, model, policy);
        }
        catch (CallerStoreUnavailableException) when (policy.FindTier(caller.User.TierId)?.FailOpen == true)
        {
            return Combine(caller, ScopeQuotas.None, model, policy);
        }
    }

    private CallQuotas Combine(Caller caller, ScopeQuotas team, PolicyModel model, PolicySnapshot policy)
    {
        var tier = policy.FindTier(caller.User.TierId);
        ReadOnlySpan<ScopeQuotas> scopes =
        [
            caller.Key?.Quotas ?? ScopeQuotas.None,
            defaults.QuotasOf(caller.User),
            team,
            policy.TierQuotas(caller.User.TierId, model.Id),
        ];
        return new CallQuotas(
            Pick(scopes, static s => s.Rates, static r => r.ModelId, model.Id),
            Pick(scopes, static s => s.Budgets, static b => b.ModelId, model.Id),
            IsPrepaid(caller, tier),
            tier
        );
    }

    private bool IsPrepaid(Caller caller, PolicyTier? tier)
    {
        var billing = caller.User.BillingMode ?? tier?.BillingMode;
        return billing is null ? options.BillingMode == BillingMode.Prepaid : billing == BillingModes.Prepaid;
    }

    private static IReadOnlyList<T> Pick<T>(
        ReadOnlySpan<ScopeQuotas> scopes,
        Func<ScopeQuotas, IReadOnlyList<T>> of,
        Func<T, string?> modelOf,
        string modelId
    )
    {
        List<T>? picked = null;
        foreach (var scope in scopes)
        {
            var all = of(scope);
            for (var i = 0; i < all.Count; i++)
            {
                if (modelOf(all[i]) is not { } only || only == modelId)
                {
                    (picked ??= []).Add(all[i]);
                }
            }
        }
        return picked ?? (IReadOnlyList<T>)[];
    }
}
