namespace Gateway.Core.Issuers;

/// <summary>
/// An issuer with its keys as they are at one moment. Immutable: what was decided under one trust is decided again under the next.
/// </summary>
/// <param name="Settings">Who it is and what its claims mean.</param>
/// <param name="Published">What it publishes; null: not fetched yet.</param>
internal sealed record IssuerTrust(IssuerSettings Settings, IssuerDocument? Published)
{
    /// <summary>Its keys; null: not fetched yet.</summary>
    public IssuerKeySet? Keys => Published?.Keys;
}
