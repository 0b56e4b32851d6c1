using Gateway.Calls;
using Gateway.Core.Upstreams;
using Yarp.ReverseProxy.Model;

namespace Gateway.Upstream;

/// <summary>
/// The destinations that a call may go to: of the upstreams where its model stands and which have its API, those that are well; all of
/// them when none is, because trying is better than refusing.
/// </summary>
internal static class Candidates
{
    /// <summary>Finds them. Allocates nothing where there is one upstream with one address.</summary>
    /// <param name="call">The call.</param>
    /// <param name="proxy">YARP's view of it.</param>
    /// <param name="refusal">Why there are none.</param>
    public static IReadOnlyList<DestinationState> Of(Call call, IReverseProxyFeature proxy, out Refusal? refusal)
    {
        refusal = null;
        var places = call.Model.Places;
        if (proxy.AllDestinations.Count == 1 && places.Count == 1 && places[0].Upstream.Kind.Serves(call.Api.Path))
        {
            if (places[0].Upstream.Has(proxy.AllDestinations[0].DestinationId))
            {
                return proxy.AllDestinations;
            }
        }
        List<DestinationState> all = [];
        foreach (var destination in proxy.AllDestinations)
        {
            if (IsOf(call, destination))
            {
                all.Add(destination);
            }
        }
        if (all.Count == 0)
        {
            refusal = Refuse(call, proxy, places);
        }
        return all.FindAll(IsWell) is { Count: > 0 } well ? well : all;
    }

    private static bool IsOf(Call call, DestinationState destination)
    {
        foreach (var place in call.Model.Places)
        {
            if (place.Upstream.Has(destination.DestinationId))
            {
                return place.Upstream.Kind.Serves(call.Api.Path) && (call.OnlyUpstream is not { } only || only == place.Upstream.Name);
            }
        }
        return false;
    }

    private static bool IsWell(DestinationState destination) =>
        destination.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };

    private static Refusal Refuse(Call call, IReverseProxyFeature proxy, IReadOnlyList<ModelPlace> places) =>
        proxy.AllDestinations.Count == 0 ? Refusals.UpstreamNotConfigured
        : places.Count > 0 && places.All(p => !p.Upstream.Kind.Serves(call.Api.Path))
            ? Refusals.ApiNotServed(call.Model.Name, call.Api.Path)
        : Refusals.NoUpstream(call.Model.Name);
}
