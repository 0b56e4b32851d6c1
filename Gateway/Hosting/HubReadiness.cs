using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Hosting;

/// <summary>Whether the start is over: migrations applied and a catalogue loaded.</summary>
internal sealed class HubReadiness : IHealthCheck
{
    private volatile bool _isReady;

    public void SetReady() => _isReady = true;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
}
