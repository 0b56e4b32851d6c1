using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Issuers;

namespace Gateway.Hosting;

/// <summary>
/// Fetches the issuer's keys at start and on an interval, so that calls do not wait for them and a key that the issuer withdrew is
/// forgotten.
/// </summary>
internal sealed class IssuerKeyService(TrustedIssuer issuer, IssuerOptions options, Rounds rounds) : PeriodicService("issuer_keys", rounds)
{
    protected override TimeSpan Interval => options.OidcKeysRefreshInterval;

    protected override bool RunsAtStart => true;

    protected override Task RunAsync(CancellationToken cancellationToken) => issuer.RefreshAsync().WaitAsync(cancellationToken);
}
