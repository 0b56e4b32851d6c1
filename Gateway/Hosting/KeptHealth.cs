using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Hosting;

/// <summary>A health check whose result holds for 5 s, so that many who ask cost one look.</summary>
internal abstract class KeptHealth(TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    private Look? _last;

    public virtual async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _last) is { } last && time.GetUtcNow() - last.At < Kept)
        {
            return last.Result;
        }
        var result = await LookAsync();
        Volatile.Write(ref _last, new Look(result, time.GetUtcNow()));
        return result;
    }

    /// <summary>Looks, within 2 s. Not cancelled by the one who asks: the result holds for others too.</summary>
    /// <returns>The description is the word that <c>/health</c> shows.</returns>
    protected abstract Task<HealthCheckResult> LookAsync();

    private sealed record Look(HealthCheckResult Result, DateTimeOffset At);
}
