using Gateway.Core.Policy;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gateway.Upstream;

/// <summary>
/// Asks each destination in the way of its kind whether it lives: with the key, so that a provider does not count strangers.
/// </summary>
internal sealed class UpstreamProbes(PolicySource policy) : IProbingRequestFactory
{
    public HttpRequestMessage CreateRequest(ClusterModel cluster, DestinationModel destination)
    {
        var address = destination.Config.Address;
        foreach (var upstream in policy.Current.Upstreams)
        {
            foreach (var root in upstream.Roots)
            {
                if (root.ToString() == address)
                {
                    var request = upstream.NewRequest(HttpMethod.Get, root, upstream.Kind.ProbePath);
                    request.Version = cluster.Config.HttpRequest?.Version ?? request.Version;
                    request.VersionPolicy = cluster.Config.HttpRequest?.VersionPolicy ?? request.VersionPolicy;
                    return request;
                }
            }
        }
        return new HttpRequestMessage(HttpMethod.Get, address); // it was taken out at this moment
    }
}
