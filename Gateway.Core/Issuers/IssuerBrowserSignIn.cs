namespace Gateway.Core.Issuers;

/// <summary>
/// People who sign in at the issuer's own page (authorization code with PKCE): where their browser goes, and whose account the code that it
/// comes back with opens. The rules are those of the issuer's tokens.
/// </summary>
public sealed class IssuerBrowserSignIn(TrustedIssuer issuer, IssuerSignIn tokens)
{
    /// <summary>As what people sign in there; null: nobody does.</summary>
    public IssuerClient? Client => issuer.Current?.Settings.Client;

    /// <summary>The claim <c>iss</c> of the issuer in force; null when no issuer is set.</summary>
    public string? Issuer => issuer.Current?.Settings.Issuer;

    /// <summary>Makes the address of the issuer's page for one sign-in.</summary>
    /// <param name="redirectUri">Where the browser comes back to.</param>
    /// <param name="state">What it brings back.</param>
    /// <param name="nonce">What the ID token repeats.</param>
    /// <param name="challenge">SHA-256 of the verifier, in base64url.</param>
    /// <param name="cancellationToken">Until the issuer has answered, where it was not asked before.</param>
    /// <returns>The address; null when the issuer does not tell its addresses now.</returns>
    public async Task<Uri?> FindPageAsync(
        string redirectUri,
        string state,
        string nonce,
        string challenge,
        CancellationToken cancellationToken
    )
    {
        if (issuer.Current?.Published?.Endpoints is null)
        {
            await issuer.RefreshAsync().WaitAsync(cancellationToken);
        }
        if (issuer.Current is not { Published.Endpoints: { } endpoints, Settings.Client: { } client })
        {
            return null;
        }
        var members = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = client.Id,
            ["redirect_uri"] = redirectUri,
            ["scope"] = client.Scopes,
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = challenge,
            ["code_challenge_method"] = "S256",
        };
        var address = new UriBuilder(endpoints.Authorization);
        var query = string.Join('&', members.Select(m => $"{m.Key}={Uri.EscapeDataString(m.Value)}"));
        address.Query = address.Query.Length > 1 ? $"{address.Query}&{query}" : query;
        return address.Uri;
    }

    /// <summary>Exchanges the code and finds the user, who may still be switched off.</summary>
    /// <exception cref="System.Data.Common.DbException">The database is away.</exception>
    public async Task<IssuerOutcome> FindUserAsync(IssuerCode code, CancellationToken cancellationToken)
    {
        if (issuer.Current is not { Settings.Client: { } client } trust)
        {
            return IssuerOutcome.Unavailable;
        }
        var (verdict, idToken) = await issuer.ExchangeAsync(trust, code, cancellationToken);
        return verdict == IssuerVerdict.Accepted
            ? await tokens.FindUserOfIdTokenAsync(idToken, client, code.Nonce, cancellationToken)
            : new IssuerOutcome(verdict);
    }
}
