using System.Text.Json;

namespace Gateway.Core.Issuers;

/// <summary>What a token of the issuer says, after its signature, issuer, audience and times were found right.</summary>
/// <param name="Claims">All claims.</param>
/// <param name="IssuedAt">The claim <c>iat</c>, UTC.</param>
/// <param name="ExpiresAt">The claim <c>exp</c>, UTC.</param>
internal sealed record IssuerClaims(JsonElement Claims, DateTime IssuedAt, DateTime ExpiresAt)
{
    private const int MostValues = 200;
    private const int LongestValue = 255;

    /// <summary>A claim's text; null when it is missing, no text, empty, longer than 255 characters or holds a zero.</summary>
    public string? Text(string claim) => Values(claim) is [{ } value] ? value : null;

    /// <summary>Whether a claim is true.</summary>
    public bool IsTrue(string claim) =>
        Claims.TryGetProperty(claim, out var value)
        && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.GetString() == "true"));

    /// <summary>
    /// A claim's texts, one or a list. The claim is a name as it stands (names may hold dots) or a path with dots into objects
    /// (<c>realm_access.roles</c>).
    /// </summary>
    public IReadOnlyList<string> Values(string claim)
    {
        if (Find(claim) is not { } value)
        {
            return [];
        }
        IEnumerable<JsonElement> items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Take(MostValues) : [value];
        // No database keeps a zero
        return [.. items.Select(TextOf).OfType<string>().Where(text => text.Length is > 0 and <= LongestValue && !text.Contains('\0'))];
    }

    private JsonElement? Find(string claim)
    {
        if (Claims.TryGetProperty(claim, out var whole))
        {
            return whole;
        }
        var value = Claims;
        foreach (var name in claim.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return null;
            }
        }
        return value;
    }

    private static string? TextOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
}
