using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Hosting;

/// <summary>Whether balancers may send calls here: the start is over, and nobody has asked for a stop.</summary>
internal sealed class HubReadiness : IHealthCheck
{
    private volatile bool _isReady;
    private volatile bool _isStopping;

    /// <summary>Whether a stop was asked for. Calls are still taken for a while, on connections that close after them.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Migrations are applied and a catalogue is loaded.</summary>
    public void SetReady() => _isReady = true;

    /// <summary>The process ends soon.</summary>
    public void SetStopping() => _isStopping = true;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isReady && !_isStopping ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
}
