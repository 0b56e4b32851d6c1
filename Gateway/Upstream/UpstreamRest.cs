using Gateway.Core.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gateway.Upstream;

/// <summary>
/// Lets a destination rest that refused a call for the sake of its limit or of our credential: calls go to the others meanwhile. After a
/// limit as long as it says, at most a minute; else until the next probe could be.
/// </summary>
internal sealed class UpstreamRest(IDestinationHealthUpdater health, UpstreamOptions options)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Decides after an attempt that moves on.</summary>
    /// <param name="http">The call's.</param>
    /// <param name="status">The status that the destination answered, if it did.</param>
    public void After(HttpContext http, int? status)
    {
        if (status is not (401 or 402 or 403 or 429 or 529))
        {
            return;
        }
        var proxy = http.GetReverseProxyFeature();
        if (proxy.Route.Cluster is { } cluster && proxy.ProxiedDestination is { } tried)
        {
            var wait = http.Features.Get<UpstreamCall>()?.Wait ?? options.UpstreamProbeInterval;
            health.SetPassive(cluster, tried, DestinationHealth.Unhealthy, wait < Longest ? wait : Longest);
        }
    }
}
