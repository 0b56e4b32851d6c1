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
    public ValueTask<CallQuotas> ResolveAsync(
        Caller caller,
        PolicyModel model,
        string? endUser,
        PolicySnapshot policy,
        CancellationToken cancellationToken
    )
    {
        if (caller.TeamId is not { } teamId)
        {
            return ValueTask.FromResult(Combine(caller, ScopeQuotas.None, model, endUser, policy));
        }
        var team = directory.FindTeamQuotasAsync(teamId, cancellationToken);
        return team.IsCompletedSuccessfully
            ? ValueTask.FromResult(Combine(caller, team.Result, model, endUser, policy))
            : WaitAsync(team, caller, model, endUser, policy);
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
            [.. scopes.SelectMany(s => s.Budgets).Where(b => b.EndUser is null).DistinctBy(b => b.Id)],
            IsPrepaid(caller, tier),
            tier
        );
    }

    private async ValueTask<CallQuotas> WaitAsync(
        ValueTask<ScopeQuotas> team,
        Caller caller,
        PolicyModel model,
        string? endUser,
        PolicySnapshot policy
    )
    {
        try
        {
            return Combine(caller, await team, model, endUser, policy);
        }
        catch (CallerStoreUnavailableException) when (policy.FindTier(caller.User.TierId)?.FailOpen == true)
        {
            return Combine(caller, ScopeQuotas.None, model, endUser, policy);
        }
    }

    private CallQuotas Combine(Caller caller, ScopeQuotas team, PolicyModel model, string? endUser, PolicySnapshot policy)
    {
        var tier = policy.FindTier(caller.User.TierId);
        ReadOnlySpan<ScopeQuotas> scopes =
        [
            caller.Key?.Quotas ?? ScopeQuotas.None,
            defaults.QuotasOf(caller.User),
            team,
            policy.TierQuotas(caller.User.TierId, model.Id),
        ];
        return new CallQuotas(Rates(scopes, model.Id), Budgets(scopes, model.Id, endUser), IsPrepaid(caller, tier), tier);
    }

    private bool IsPrepaid(Caller caller, PolicyTier? tier)
    {
        var billing = caller.User.BillingMode ?? tier?.BillingMode;
        return billing is null ? options.BillingMode == BillingMode.Prepaid : billing == BillingModes.Prepaid;
    }

    private static IReadOnlyList<RateLimit> Rates(ReadOnlySpan<ScopeQuotas> scopes, string modelId)
    {
        List<RateLimit>? picked = null;
        foreach (var scope in scopes)
        {
            for (var i = 0; i < scope.Rates.Count; i++)
            {
                if (scope.Rates[i].ModelId is not { } only || only == modelId)
                {
                    (picked ??= []).Add(scope.Rates[i]);
                }
            }
        }
        return picked ?? (IReadOnlyList<RateLimit>)[];
    }

    private static IReadOnlyList<Budget> Budgets(ReadOnlySpan<ScopeQuotas> scopes, string modelId, string? endUser)
    {
        List<Budget>? picked = null;
        foreach (var scope in scopes)
        {
            for (var i = 0; i < scope.Budgets.Count; i++)
            {
                var budget = scope.Budgets[i];
                if ((budget.ModelId is not { } only || only == modelId) && budget.Concerns(endUser))
                {
                    (picked ??= []).Add(
                        budget.EndUser == Budget.EachEndUser && IsNamed(scope, endUser) ? budget with { IsOverridden = true } : budget
                    );
                }
            }
        }
        return picked ?? (IReadOnlyList<Budget>)[];
    }

    // Who has a budget of its own has it in place of the one for each; it may be higher.
    private static bool IsNamed(ScopeQuotas scope, string? endUser)
    {
        for (var i = 0; i < scope.Budgets.Count; i++)
        {
            if (scope.Budgets[i] is { Mode: QuotaMode.Enforce } budget && budget.EndUser == endUser)
            {
                return true;
            }
        }
        return false;
    }
}
