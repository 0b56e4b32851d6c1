using Gateway.Calls;
using Gateway.Core.Keys;
using Microsoft.Extensions.Primitives;

namespace Gateway.Callers;

/// <summary>
/// Finds the one credential of a request: <c>Authorization: Bearer</c>, <c>x-api-key</c> (Anthropic's SDKs) or <c>api-key</c> (Azure's). It
/// is a part of the header's own text: tokens are long, and nothing of them is copied.
/// </summary>
internal static class Credential
{
    private const string Scheme = "Bearer ";

    /// <summary>Reads it; false with the refusal to give when there is none, or different ones.</summary>
    public static bool TryRead(IHeaderDictionary headers, out ReadOnlyMemory<char> credential, out Refusal? refusal)
    {
        refusal = null;
        credential = default;
        if (
            !Add(FromAuthorization(headers.Authorization, ref refusal), ref credential)
            || !Add(Single(headers["x-api-key"]), ref credential)
            || !Add(Single(headers["api-key"]), ref credential)
        )
        {
            refusal = Refusals.SeveralCredentials;
            return false;
        }
        if (credential.IsEmpty)
        {
            refusal ??= Refusals.NoKey;
            return false;
        }
        refusal = CredentialForm.Judge(credential.Span);
        return refusal is null;
    }

    private static bool Add(ReadOnlyMemory<char> credential, ref ReadOnlyMemory<char> found)
    {
        if (!credential.IsEmpty && !found.IsEmpty && !credential.Span.SequenceEqual(found.Span))
        {
            return false;
        }
        found = found.IsEmpty ? credential : found;
        return true;
    }

    // A whole key without the scheme is meant as one: many tools send the header's value as it was typed.
    private static ReadOnlyMemory<char> FromAuthorization(StringValues values, ref Refusal? refusal)
    {
        var value = Single(values);
        if (value.IsEmpty || ApiKeyText.TryParse(value.Span, out _, out _))
        {
            return value;
        }
        if (value.Span.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var credential = value[Scheme.Length..].Trim();
            refusal = credential.IsEmpty ? Refusals.EmptyBearer : null;
            return credential;
        }
        refusal = value.Span.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? Refusals.EmptyBearer : Refusals.NoScheme;
        return default;
    }

    // Two headers of one name are joined, which is no credential of ours and is refused as unknown.
    private static ReadOnlyMemory<char> Single(StringValues values) => values.ToString().AsMemory().Trim();
}
