namespace Gateway.Core.Issuers;

/// <summary>This gateway as a client of the issuer: with it people sign in to the console by the issuer's own page. Immutable.</summary>
/// <param name="Name">What the sign-in is called, on the page and in its addresses.</param>
/// <param name="Id">The claim <c>aud</c> of its ID tokens.</param>
/// <param name="Secret">What proves that a code is exchanged by this gateway; empty: a public client, which PKCE alone protects.</param>
/// <param name="Scopes">What is asked for; <c>openid</c> is among them.</param>
public sealed record IssuerClient(string Name, string Id, string Secret, string Scopes)
{
    /// <summary>The scope without which an issuer gives no ID token.</summary>
    public const string OpenId = "openid";

    private const int LongestName = 40;

    /// <summary>Whether a name can stand in an address as it is.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Whether a text is a list of scopes with <c>openid</c> in it.</summary>
    public static bool AreScopes(string text) =>
        text.Split(' ').Contains(OpenId) && text.All(c => c is ' ' or (> '!' and <= '~' and not '"' and not '\\'));

    /// <summary>Without the secret: records print their members, and logs print records.</summary>
    public override string ToString() => $"{Name} ({Id})";
}
