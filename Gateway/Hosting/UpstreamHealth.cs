using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Hosting;

/// <summary>
/// The upstream is <c>ok</c> when one of its addresses answers, <c>down</c> when none does, <c>not_configured</c> when there is no address.
/// Never unhealthy: else every node would leave at once.
/// </summary>
internal sealed class UpstreamHealth(UpstreamAddresses upstreams, IHttpClientFactory http, TimeProvider time) : KeptHealth(time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    protected override async Task<HealthCheckResult> LookAsync()
    {
        if (upstreams.All.Count == 0)
        {
            return HealthCheckResult.Healthy("not_configured");
        }
        var probes = await Task.WhenAll(upstreams.All.Select(IsAliveAsync));
        return probes.Any(alive => alive) ? HealthCheckResult.Healthy("ok") : HealthCheckResult.Degraded("down");
    }

    private async Task<bool> IsAliveAsync(Uri address)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            using var client = http.CreateClient(nameof(UpstreamHealth));
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
