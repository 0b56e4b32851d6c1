using Yarp.ReverseProxy;

namespace Gateway.Upstream;

/// <summary>Requests to the upstream that are no calls, over the connections of calls: to the first destination that is well.</summary>
internal sealed class UpstreamSide(IProxyStateLookup proxy, UpstreamCredential credential)
{
    /// <summary>Sends one without a body; null when no upstream is configured.</summary>
    public async Task<HttpResponseMessage?> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        if (!proxy.TryGetCluster(UpstreamRoutes.Cluster, out var cluster) || cluster.DestinationsState.AllDestinations.Count == 0)
        {
            return null;
        }
        var state = cluster.DestinationsState;
        var destination = (state.AvailableDestinations.Count > 0 ? state.AvailableDestinations : state.AllDestinations)[0];
        using var request = new HttpRequestMessage(method, destination.Model.Config.Address.TrimEnd('/') + "/" + path);
        request.Headers.Authorization = credential.Authorization;
        return await cluster.Model.HttpClient.SendAsync(request, cancellationToken);
    }
}
