using System.Diagnostics;
using Gateway.Core.Configuration;
using Gateway.Core.Nodes;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;

namespace Gateway.Admin.Nodes;

/// <summary>The process that answers; money in USD.</summary>
internal sealed record NodeResponse(
    string Name,
    string Version,
    string Role,
    string Database,
    DateTime StartedAt,
    DateTime Now,
    long PolicyRevision,
    bool ServesTraffic,
    bool PaysFromBudgets,
    int CallsInFlight,
    int OpenHolds,
    decimal HeldCost,
    int UnwrittenCalls,
    DateTime? OldestUnwrittenAt
)
{
    private static readonly DateTime Started = ReadStart();

    public static NodeResponse From(
        NodeStanding node,
        ServerOptions server,
        StoreProvider store,
        PolicySnapshot policy,
        TimeProvider time
    ) =>
        new(
            server.GetNodeName(),
            ProductVersion.Text,
            NameOf(server.Role),
            store.Name,
            Started,
            time.UtcNow(),
            policy.Revision,
            node.ServesTraffic,
            node.PaysFromBudgets,
            node.CallsInFlight,
            node.OpenHolds,
            Money.UsdOf(node.Held.NanoUsd),
            node.UnwrittenCalls,
            node.OldestUnwrittenAt
        );

    private static string NameOf(HubRole role) =>
        role switch
        {
            HubRole.Gateway => "gateway",
            HubRole.Admin => "admin",
            _ => "all",
        };

    private static DateTime ReadStart()
    {
        using var process = Process.GetCurrentProcess();
        return process.StartTime.ToUniversalTime();
    }
}
