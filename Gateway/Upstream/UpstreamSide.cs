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
        var upstream = Find(upstreamName) is { } named && named.Kind.Serves(Responses) ? named : FirstWith(Responses);
        return upstream is null ? null : await SendAsync(upstream, method, path, null, cancellationToken);
    }

    /// <summary>Sends one to an upstream; its answer is read by who asked, as it comes.</summary>
    /// <param name="upstream">The upstream.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">From the upstream's root, without a slash at its beginning.</param>
    /// <param name="content">The body; null: none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when the upstream has just gone out of use.</returns>
    public async Task<HttpResponseMessage?> SendAsync(
        PolicyUpstream upstream,
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken
    )
    {
        if (!proxy.TryGetCluster(UpstreamRoutes.Cluster, out var cluster))
        {
            return null;
        }
        using var request = upstream.NewRequest(method, upstream.Roots[IndexOfWell(cluster, upstream)], path);
        request.Content = content;
        return await cluster.Model.HttpClient.SendAsync(request, cancellationToken);
    }

    /// <summary>The upstream of that name, if it is in use.</summary>
    public PolicyUpstream? Find(string? name) => policy.Current.Upstreams.FirstOrDefault(u => u.Name == name);

    /// <summary>The first upstream that has an API, by the API's path below <c>/v1</c>.</summary>
    public PolicyUpstream? FirstWith(string apiPath) => policy.Current.Upstreams.Where(u => u.Kind.Serves(apiPath)).MinBy(u => u.Priority);

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
