using Gateway.Core.Configuration;
using Gateway.Core.Issuers;

namespace Gateway.Hosting;

/// <summary>
/// Fetches the issuer's keys at start and on an interval, so that calls do not wait for them and a key that the issuer withdrew is
/// forgotten.
/// </summary>
internal sealed class IssuerKeyService(TrustedIssuer issuer, HubOptions options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.OidcKeysRefreshInterval, time);
        try
        {
            do
            {
                await issuer.RefreshAsync().WaitAsync(stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }
}
