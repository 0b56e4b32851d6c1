namespace Gateway.Core.Issuers;

/// <summary>
/// The codes by which issuers say why not (<c>access_denied</c>, <c>invalid_grant</c>): texts from outside, shown and logged.
/// </summary>
public static class IssuerWord
{
    private const int Longest = 60;

    /// <summary>The code, if it is one; else <c>unknown_error</c>.</summary>
    public static string Of(string? text) =>
        text is { Length: > 0 and <= Longest } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? text
            : "unknown_error";
}
