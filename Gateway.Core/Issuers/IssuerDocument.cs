namespace Gateway.Core.Issuers;

/// <summary>What an issuer publishes of itself. Immutable.</summary>
/// <param name="Keys">Its keys.</param>
/// <param name="Endpoints">Where people sign in; null when its discovery document names no addresses that may be used.</param>
internal sealed record IssuerDocument(IssuerKeySet Keys, IssuerEndpoints? Endpoints)
{
    /// <summary>Whether another reading says the same.</summary>
    public bool IsSame(IssuerDocument? other) => other is not null && Keys.Text == other.Keys.Text && Endpoints == other.Endpoints;
}
