namespace Gateway.Admin.WebConsole;

/// <summary>A sign-in that a browser began at the issuer's page, as its cookie keeps it, encrypted.</summary>
/// <param name="Issuer">The issuer at that time.</param>
/// <param name="State">What the browser must bring back.</param>
/// <param name="Nonce">What the ID token must repeat.</param>
/// <param name="Verifier">What the challenge was made from.</param>
/// <param name="RedirectUri">Where the issuer sends the browser.</param>
/// <param name="ReturnTo">The view that was asked for.</param>
/// <param name="EndsAt">When it is too late.</param>
internal sealed record OidcAttempt(
    string Issuer,
    string State,
    string Nonce,
    string Verifier,
    string RedirectUri,
    string ReturnTo,
    DateTime EndsAt
);
