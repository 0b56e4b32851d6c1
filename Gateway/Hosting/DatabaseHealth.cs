using Gateway.Core.Storage;
using Gateway.Ledger;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Hosting;

/// <summary>
/// The database is <c>ok</c>, <c>down</c>, <c>gone</c> when its file was deleted, or <c>behind</c> when ended calls do not get into it.
/// </summary>
internal sealed class DatabaseHealth(DatabaseWatch watch, TimeProvider time, UsageQueue? queue = null) : KeptHealth(time)
{
    // A settled call is there within a second when all is well.
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(5);

    private static readonly HealthCheckResult Gone = HealthCheckResult.Unhealthy("gone");

    private readonly TimeProvider _time = time;

    public override Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        watch.LookAtFile() ? base.CheckHealthAsync(context, cancellationToken) : Task.FromResult(Gone);

    protected override async Task<HealthCheckResult> LookAsync() =>
        await watch.LookAsync() switch
        {
            DatabaseState.Ok when IsBehind() => HealthCheckResult.Unhealthy("behind"),
            DatabaseState.Ok => HealthCheckResult.Healthy("ok"),
            DatabaseState.Gone => Gone,
            _ => HealthCheckResult.Unhealthy("down"),
        };

    // It can be read, and what is settled does not get in: locked, read-only, full.
    private bool IsBehind() => queue?.OldestUnwritten is { } oldest && _time.GetUtcNow().UtcDateTime - oldest > LongestLag;
}
