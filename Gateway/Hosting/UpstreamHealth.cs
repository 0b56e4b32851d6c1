using Gateway.Core.Policy;
using Gateway.Core.Upstreams;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Hosting;

/// <summary>
/// The upstream is <c>ok</c> when one address of those in use answers, <c>down</c> when none does, <c>not_configured</c> when there is
/// none. Never unhealthy: else every node would leave at once.
/// </summary>
internal sealed class UpstreamHealth(PolicySource policy, IHttpClientFactory http, TimeProvider time) : KeptHealth(time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    protected override async Task<HealthCheckResult> LookAsync()
    {
        var addresses = policy.Current.Upstreams.SelectMany(u => u.Roots.Select(root => (u, root))).ToList();
        if (addresses.Count == 0)
        {
            return HealthCheckResult.Healthy("not_configured");
        }
        var probes = await Task.WhenAll(addresses.Select(a => IsAliveAsync(a.u, a.root)));
        return probes.Any(alive => alive) ? HealthCheckResult.Healthy("ok") : HealthCheckResult.Degraded("down");
    }

    private async Task<bool> IsAliveAsync(PolicyUpstream upstream, Uri root)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            using var client = http.CreateClient(nameof(UpstreamHealth));
            using var request = upstream.NewRequest(HttpMethod.Get, root, upstream.Kind.ProbePath);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return (int)answer.StatusCode < 500;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
