using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Gateway.Upstream;

/// <summary>
/// Of the destinations that a call may go to, those of the upstreams with the lowest priority; among them two by their weights, and the one
/// of both that is less busy for its weight.
/// </summary>
internal sealed class PriorityThenWeight : ILoadBalancingPolicy
{
    public const string PolicyName = "PriorityThenWeight";

    public string Name => PolicyName;

    public DestinationState? PickDestination(
        HttpContext context,
        ClusterState cluster,
        IReadOnlyList<DestinationState> availableDestinations
    )
    {
        if (availableDestinations.Count <= 1)
        {
            return availableDestinations.Count == 0 ? null : availableDestinations[0];
        }
        var call = context.Features.GetRequiredFeature<UpstreamCall>();
        var (first, total) = (int.MaxValue, 0L);
        for (var i = 0; i < availableDestinations.Count; i++)
        {
            var upstream = call.PlaceOf(availableDestinations[i]).Upstream;
            if (upstream.Priority < first)
            {
                (first, total) = (upstream.Priority, 0);
            }
            total += upstream.Priority == first ? upstream.Weight : 0;
        }
        var one = Pick(call, availableDestinations, first, Random.Shared.NextInt64(total));
        var other = Pick(call, availableDestinations, first, Random.Shared.NextInt64(total));
        return Load(call, other) < Load(call, one) ? other : one;
    }

    private static DestinationState Pick(UpstreamCall call, IReadOnlyList<DestinationState> from, int priority, long ticket)
    {
        for (var i = 0; i < from.Count; i++)
        {
            var upstream = call.PlaceOf(from[i]).Upstream;
            if (upstream.Priority == priority && (ticket -= upstream.Weight) < 0)
            {
                return from[i];
            }
        }
        throw new InvalidOperationException("Weights changed while a destination was picked.");
    }

    private static double Load(UpstreamCall call, DestinationState destination) =>
        (double)destination.ConcurrentRequestCount / call.PlaceOf(destination).Upstream.Weight;
}
