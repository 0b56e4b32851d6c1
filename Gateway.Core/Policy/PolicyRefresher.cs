using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Policy;

/// <summary>Puts catalogue changes in force. Rows that do not compile leave the last good policy where it is.</summary>
public sealed partial class PolicyRefresher(
    IDbContextFactory<HubDbContext> databases,
    PolicySource policy,
    UpstreamResolver upstreams,
    ILogger<PolicyRefresher> logger
) : IChangeConsumer
{
    private HashSet<(string Name, string? Problem)> _told = [];

    /// <inheritdoc />
    public Task ResetAsync(CancellationToken cancellationToken) => RefreshAsync(cancellationToken);

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) =>
        changes.Any(c =>
            HubSettings.DefaultRateLimitPolicy.IsChangedBy(c)
            || c.EntityType
                is ChangedEntities.Model
                    or ChangedEntities.Company
                    or ChangedEntities.Tier
                    or ChangedEntities.RateLimit
                    or ChangedEntities.Budget
                    or ChangedEntities.Upstream
        )
            ? RefreshAsync(cancellationToken)
            : Task.CompletedTask;

    /// <summary>Reads the rows of the catalogue policy. Inside a transaction it sees that transaction's own changes.</summary>
    public static async Task<PolicyRows> ReadRowsAsync(HubDbContext db, CancellationToken cancellationToken) =>
        new(
            await db.PolicyRevisions.Select(r => r.Revision).SingleAsync(cancellationToken),
            await db.Models.AsNoTracking().ToListAsync(cancellationToken),
            await db.ModelConfigs.AsNoTracking().ToListAsync(cancellationToken),
            await db.ModelRates.AsNoTracking().ToListAsync(cancellationToken)
        )
        {
            DeniesUnlimited = await HubSettings.DefaultRateLimitPolicy.ReadTextAsync(db, cancellationToken) == HubSettings.Deny,
            Tiers = await db.Tiers.AsNoTracking().ToListAsync(cancellationToken),
            TierRates = await db.RateLimits.AsNoTracking().Where(l => l.TierId != null).ToListAsync(cancellationToken),
            StoredUpstreams = await db.Upstreams.AsNoTracking().ToListAsync(cancellationToken),
            UpstreamModels = await db.UpstreamModels.AsNoTracking().ToListAsync(cancellationToken),
            TierBudgets = await db.Budgets.AsNoTracking().Where(b => b.TierId != null).ToListAsync(cancellationToken),
        };

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await ReadRowsAsync(db, cancellationToken);
        rows = rows with { Upstreams = upstreams.InForce(rows.StoredUpstreams) };
        TellProblems(rows);
        if (PolicyCompiler.TryCompile(rows, out var snapshot, out var faults))
        {
            policy.Publish(snapshot);
            Log.Published(logger, snapshot.Revision, snapshot.Models.Count);
        }
        else
        {
            Log.Refused(logger, rows.Revision, string.Join(" ", faults));
        }
    }

    // Each once, until it is another one.
    private void TellProblems(PolicyRows rows)
    {
        var problems = rows
            .StoredUpstreams.Where(r => r.IsEnabled)
            .Select(r => (r.Name, upstreams.Resolve(r).Problem))
            .Where(p => p.Problem is not null)
            .ToHashSet();
        foreach (var (name, problem) in problems.Except(_told))
        {
            Log.NotInForce(logger, name, problem!);
        }
        _told = problems;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No call goes to the upstream {Upstream}: it {Problem}.")]
        public static partial void NotInForce(ILogger logger, string upstream, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "Policy revision {Revision} is in force with {ModelCount} models.")]
        public static partial void Published(ILogger logger, long revision, int modelCount);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Policy revision {Revision} does not compile; the last good one stays in force. {Faults}"
        )]
        public static partial void Refused(ILogger logger, long revision, string faults);
    }
}
