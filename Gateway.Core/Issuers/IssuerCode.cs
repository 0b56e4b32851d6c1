namespace Gateway.Core.Issuers;

/// <summary>A code that an issuer sent by way of the browser, and what belongs to it. Immutable.</summary>
/// <param name="Code">The code; good for one exchange.</param>
/// <param name="RedirectUri">The address that it was sent to.</param>
/// <param name="Verifier">What the challenge of the sign-in was made from (PKCE).</param>
/// <param name="Nonce">What the ID token must repeat.</param>
public sealed record IssuerCode(string Code, string RedirectUri, string Verifier, string Nonce)
{
    /// <summary>Without the secrets.</summary>
    public override string ToString() => RedirectUri;
}
