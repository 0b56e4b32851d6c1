using Gateway.Calls;
using Gateway.Core.Keys;

namespace Gateway.Callers;

/// <summary>Tells what is wrong with a credential that has the form of none, in a sentence that names the mistake.</summary>
internal static class CredentialForm
{
    /// <summary>The refusal of a text that is neither a key nor a token by its form; null when it may be one of them.</summary>
    public static Refusal? Judge(ReadOnlySpan<char> credential)
    {
        if (credential.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal))
        {
            return ApiKeyText.TryParse(credential, out _, out _) ? null : Refusals.MalformedKey;
        }
        if (StartsWithScheme(credential))
        {
            return Refusals.BearerTwice;
        }
        if (credential is ['"' or '\'' or '<' or '`', ..])
        {
            return Refusals.QuotedKey;
        }
        return IsToken(credential) || ImportedKey.HasForm(credential) ? null : Refusals.NotAKey;
    }

    /// <summary>Whether the text begins with the scheme that belongs into the header alone.</summary>
    public static bool StartsWithScheme(ReadOnlySpan<char> text) =>
        text.StartsWith("Bearer", StringComparison.OrdinalIgnoreCase) && (text.Length == 6 || text[6] is ' ' or '\t' or ':' or '+');

    // Signed tokens have parts; a text with a dot was cut from one, or was meant to be one.
    private static bool IsToken(ReadOnlySpan<char> text) => text.Contains('.');
}
