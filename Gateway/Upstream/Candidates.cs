using Gateway.Calls;
using Gateway.Core.Policy;
using Yarp.ReverseProxy.Model;

namespace Gateway.Upstream;

/// <summary>
/// The destinations that a call may go to: of the upstreams where its model stands and which have its API, those that are well; all of
/// them when none is, because trying is better than refusing.
/// </summary>
internal static class Candidates
{
    private const int UsualMost = 4;

    /// <summary>Finds them. Allocates nothing where there is one upstream with one address.</summary>
    /// <param name="model">The model of the call.</param>
    /// <param name="api">The API called.</param>
    /// <param name="only">The one upstream that the call may go to, by its name; null: any.</param>
    /// <param name="all">All destinations that there are.</param>
    /// <param name="refusal">Why there are none.</param>
    public static IReadOnlyList<DestinationState> Of(
        PolicyModel model,
        CallApi api,
        string? only,
        IReadOnlyList<DestinationState> all,
        out Refusal? refusal
    )
    {
        refusal = null;
        if (all.Count == 1)
        {
            if (IsFor(model, api, only, all[0]))
            {
                return all;
            }
            refusal = Refuse(model, api, all);
            return [];
        }
        var found = new List<DestinationState>(Math.Min(all.Count, UsualMost));
        var ill = 0;
        for (var i = 0; i < all.Count; i++)
        {
            if (IsFor(model, api, only, all[i]))
            {
                found.Add(all[i]);
                ill += IsWell(all[i]) ? 0 : 1;
            }
        }
        if (found.Count == 0)
        {
            refusal = Refuse(model, api, all);
        }
        if (ill > 0 && ill < found.Count)
        {
            found.RemoveAll(static destination => !IsWell(destination));
        }
        return found;
    }

    private static bool IsFor(PolicyModel model, CallApi api, string? only, DestinationState destination)
    {
        for (var i = 0; i < model.Places.Count; i++)
        {
            var upstream = model.Places[i].Upstream;
            if (upstream.Has(destination.DestinationId))
            {
                return upstream.Kind.Serves(api.Path) && (only is null || only == upstream.Name);
            }
        }
        return false;
    }

    private static bool IsWell(DestinationState destination) =>
        destination.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };

    private static Refusal Refuse(PolicyModel model, CallApi api, IReadOnlyList<DestinationState> all) =>
        all.Count == 0 ? Refusals.UpstreamNotConfigured
        : model.Places.Count > 0 && model.Places.All(p => !p.Upstream.Kind.Serves(api.Path)) ? Refusals.ApiNotServed(model.Name, api.Path)
        : Refusals.NoUpstream(model.Name);
}
