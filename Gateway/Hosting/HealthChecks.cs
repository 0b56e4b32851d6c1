using Gateway.Core.Storage;
using Gateway.Ledger;

namespace Gateway.Hosting;

/// <summary>
/// Looks at the parts, at the same time, each at most every 5 s and for at most 2 s. The database is <c>down</c>, <c>gone</c> when its file
/// was deleted, or <c>behind</c> when ended calls do not get into it.
/// </summary>
internal sealed class HealthChecks(
    DatabaseWatch watch,
    UpstreamAddresses upstreams,
    IHttpClientFactory http,
    TimeProvider time,
    UsageQueue? queue = null
)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    // An ended call is there within a second when all is well.
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(5);

    private (string Result, DateTimeOffset At)? _database;
    private (string Result, DateTimeOffset At)? _upstream;

    public async Task<(string Database, string Upstream)> AllAsync(CancellationToken cancellationToken)
    {
        var (database, upstream) = (DatabaseAsync(), UpstreamAsync(cancellationToken));
        return (await database, await upstream);
    }

    private async Task<string> DatabaseAsync()
    {
        if (!watch.LookAtFile())
        {
            return "gone";
        }
        if (_database is { } known && time.GetUtcNow() - known.At < Kept)
        {
            return known.Result;
        }
        var result = await watch.LookAsync() switch
        {
            DatabaseState.Ok => IsBehind() ? "behind" : "ok",
            DatabaseState.Gone => "gone",
            _ => "down",
        };
        _database = (result, time.GetUtcNow());
        return result;
    }

    private async Task<string> UpstreamAsync(CancellationToken cancellationToken)
    {
        if (upstreams.All.Count == 0)
        {
            return "not_configured";
        }
        if (_upstream is { } known && time.GetUtcNow() - known.At < Kept)
        {
            return known.Result;
        }
        var probes = await Task.WhenAll(upstreams.All.Select(address => IsAliveAsync(address, cancellationToken)));
        var result = probes.Any(alive => alive) ? "ok" : "down";
        _upstream = (result, time.GetUtcNow());
        return result;
    }

    // It can be read, and what is settled does not get in: locked, read-only, full.
    private bool IsBehind() => queue?.OldestUnwritten is { } oldest && time.GetUtcNow().UtcDateTime - oldest > LongestLag;

    private async Task<bool> IsAliveAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = http.CreateClient(nameof(HealthChecks));
            using var answer = await client.GetAsync(
                new Uri(address, "health/liveliness"),
                HttpCompletionOption.ResponseHeadersRead,
                limit.Token
            );
            return (int)answer.StatusCode < 500;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
