using Gateway.Errors;
using Microsoft.Extensions.Primitives;

namespace Gateway.Authentication;

/// <summary>Finds the one credential of a request: <c>Authorization: Bearer</c>, <c>x-api-key</c> (Anthropic's SDKs) or <c>api-key</c> (Azure's).</summary>
internal static class Credential
{
    private const string Scheme = "Bearer ";

    /// <summary>Reads it; null with the refusal to give when there is none, or different ones.</summary>
    public static string? Read(IHeaderDictionary headers, out Refusal? refusal)
    {
        refusal = null;
        string? found = null;
        if (!Add(FromBearer(headers.Authorization, ref refusal), ref found) || !Add(Single(headers["x-api-key"]), ref found) || !Add(Single(headers["api-key"]), ref found))
        {
            refusal = Refusals.SeveralCredentials;
            return null;
        }
        if (found is null)
        {
            refusal ??= Refusals.NoKey;
        }
        else
        {
            refusal = null;
        }
        return found;
    }

    private static bool Add(string? credential, ref string? found)
    {
        if (credential is not null && found is not null && found != credential)
        {
            return false;
        }
        found ??= credential;
        return true;
    }

    private static string? FromBearer(StringValues values, ref Refusal? refusal)
    {
        if (Single(values) is not { } value)
        {
            return null;
        }
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || value.AsSpan(Scheme.Length).Trim().IsEmpty)
        {
            refusal = Refusals.MalformedKey;
            return null;
        }
        return value[Scheme.Length..].Trim();
    }

    // Two headers of one name are joined, which is no credential of ours and is refused as unknown.
    private static string? Single(StringValues values) => values.Count == 0 || values.ToString().Length == 0 ? null : values.ToString();
}
