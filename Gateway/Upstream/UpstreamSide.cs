using Gateway.Core.Policy;
using Gateway.Core.Upstreams;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Gateway.Upstream;

/// <summary>Requests to an upstream that are no calls, over the connections of calls.</summary>
internal sealed class UpstreamSide(IProxyStateLookup proxy, PolicySource policy)
{
    private const string Responses = "/responses";

    /// <summary>Sends one without a body about a response: to the upstream that made it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">From the upstream's root, without a slash at its beginning.</param>
    /// <param name="upstreamName">The upstream; null, or one that is not in use any more: the first one that keeps responses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when there is no such upstream.</returns>
    public async Task<HttpResponseMessage?> SendAsync(
        HttpMethod method,
        string path,
        string? upstreamName,
        CancellationToken cancellationToken
    )
    {
        var serving = policy.Current.Upstreams.Where(u => u.Kind.Serves(Responses)).ToList();
        if (
            (serving.Find(u => u.Name == upstreamName) ?? serving.FirstOrDefault()) is not { } upstream
            || !proxy.TryGetCluster(UpstreamRoutes.Cluster, out var cluster)
        )
        {
            return null;
        }
        using var request = upstream.NewRequest(method, upstream.Roots[IndexOfWell(cluster, upstream)], path);
        return await cluster.Model.HttpClient.SendAsync(request, cancellationToken);
    }

    private static int IndexOfWell(ClusterState cluster, PolicyUpstream upstream)
    {
        for (var i = 0; i < upstream.DestinationIds.Count; i++)
        {
            var isKnown = cluster.Destinations.TryGetValue(upstream.DestinationIds[i], out var destination);
            if (isKnown && destination!.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy })
            {
                return i;
            }
        }
        return 0;
    }
}
