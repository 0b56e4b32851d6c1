using System.Text.Json.Serialization;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Ledger;

namespace Gateway.Hosting;

/// <summary>Is the process alive, may it get traffic, and how are its parts. Open to all; tells nothing that helps an attacker.</summary>
internal static class HealthEndpoints
{
    public static readonly string Version = ProductVersion.Text;

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];   // load balancers ask by HEAD

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/health/live", Reading, () => Json(StatusCodes.Status200OK, new LiveView("ok"), HealthJson.Default.LiveView));
        routes.MapMethods("/health/ready", Reading, GetReady);
        routes.MapMethods("/health", Reading, GetHealth);
        routes.MapMethods("/", Reading, () => Json(StatusCodes.Status200OK, new RootView("OneUIHub Gateway API", Version, "/docs"), HealthJson.Default.RootView));
    }

    // An upstream that is down is told, not answered with 503: else every node would leave at once.
    private static async Task<IResult> GetReady(HubReadiness readiness, HealthChecks checks, CancellationToken cancellationToken)
    {
        var (database, litellm) = await checks.AllAsync(cancellationToken);
        var ready = readiness.IsReady && database == "ok";
        return Json(ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new HealthView(ready ? "ready" : "not_ready", "oneui-hub-backend", Version, new ChecksView(database, litellm)), HealthJson.Default.HealthView);
    }

    private static async Task<IResult> GetHealth(HealthChecks checks, CancellationToken cancellationToken)
    {
        var (database, litellm) = await checks.AllAsync(cancellationToken);
        var ok = database == "ok";
        return Json(ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new HealthView(ok ? "ok" : "unavailable", "oneui-hub-backend", Version, new ChecksView(database, litellm)), HealthJson.Default.HealthView);
    }

    private static IResult Json<T>(int status, T view, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => Results.Json(view, type, statusCode: status);
}

/// <summary>
/// Looks at the parts, at the same time, each at most every 5 s and for at most 2 s. The database is <c>down</c>, <c>gone</c> when its file was deleted, or <c>behind</c>
/// when settled calls do not get into it.
/// </summary>
internal sealed class HealthChecks(DatabaseWatch watch, UpstreamAddresses upstreams, IHttpClientFactory http, TimeProvider time, UsageQueue? queue = null)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    // A settled call is there within a second when all is well.
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
            using var answer = await client.GetAsync(new Uri(address, "health/liveliness"), HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return (int)answer.StatusCode < 500;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>The upstreams' addresses, with a slash at the end; none when nothing is configured.</summary>
internal sealed record UpstreamAddresses(IReadOnlyList<Uri> All);

internal sealed record LiveView(string Status);

internal sealed record HealthView(string Status, string Service, string Version, ChecksView Checks);

internal sealed record ChecksView(string Database, string Litellm);

internal sealed record RootView(string Message, string Version, string Docs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LiveView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(RootView))]
internal sealed partial class HealthJson : JsonSerializerContext;
