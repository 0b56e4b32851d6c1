using Gateway.Admin.Access;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Configuration;
using Gateway.Core.Nodes;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Providers;

namespace Gateway.Admin.Nodes;

/// <summary>What the process that answers does at this moment.</summary>
internal static class NodeEndpoints
{
    public static void MapNode(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/admin/node", GetNode)
            .RequireAuthorization(AccessPolicies.Staff)
            .Says("Show the node", "The process that answers: what it is, whether it pays from budgets, what its calls hold.");
        routes
            .MapGet("/admin/requests/in-flight", ListCalls)
            .RequireAuthorization(AccessPolicies.Staff)
            .Says("List calls in flight", "Those of the node that answers, with what they hold; oldest first.");
    }

    private static Envelope<NodeResponse> GetNode(
        INodeMonitor node,
        ServerOptions server,
        StoreProvider store,
        PolicySource policy,
        TimeProvider time
    ) => Reply.Enveloped("Node retrieved successfully", NodeResponse.From(node.Read(), server, store, policy.Current, time));

    private static ListEnvelope<CallInFlightResponse> ListCalls(Query<CallsInFlightQuery> query, INodeMonitor node)
    {
        var (userId, modelId, page) = (query.Value.UserId, query.Value.ModelId, query.Value.Page);
        var found = node.CallsInFlight()
            .Where(c => (userId is null || c.UserId == userId) && (modelId is null || c.ModelId == modelId))
            .ToList();
        var rows = found.Skip(page.Offset).Take(page.Limit).Select(CallInFlightResponse.From).ToList();
        return Reply.List("Calls retrieved successfully", rows, found.Count, page);
    }
}
