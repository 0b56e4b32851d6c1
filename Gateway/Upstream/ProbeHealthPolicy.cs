using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gateway.Upstream;

/// <summary>
/// An upstream is alive when its probe is answered by anything but a 5xx: upstreams that are not LiteLLM have no such path and answer 404
/// or 405.
/// </summary>
internal sealed class ProbeHealthPolicy(IDestinationHealthUpdater updater) : IActiveHealthCheckPolicy
{
    public const string PolicyName = "AnyAnswer";

    public string Name => PolicyName;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults) =>
        updater.SetActive(
            cluster,
            [
                .. probingResults.Select(r => new NewActiveDestinationHealth(
                    r.Destination,
                    IsAlive(r) ? DestinationHealth.Healthy : DestinationHealth.Unhealthy
                )),
            ]
        );

    private static bool IsAlive(DestinationProbingResult result) => result.Response is { } response && (int)response.StatusCode < 500;
}
