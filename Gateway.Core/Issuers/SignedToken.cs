using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Gateway.Core.Issuers;

/// <summary>
/// A token in the compact form of JWS (RFC 7515), taken apart. Nothing in it is to be believed before the signature is checked.
/// </summary>
internal sealed record SignedToken(string Text, string Algorithm, string? KeyId, byte[] Payload)
{
    private const int LongestHeader = 512;

    // Other kinds come from the same issuers with the same audience, signed by the same keys: logout tokens, request objects.
    private static readonly string[] AccessTypes = ["JWT", "at+jwt", "application/at+jwt"];

    // Two members of one name mean one thing to us and another to somebody else.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>
    /// Takes a token apart; null when it has another form, is no access token, or has a critical extension (we know none).
    /// </summary>
    public static SignedToken? TryRead(string text)
    {
        var parts = text.Split('.', 4);
        if (
            parts.Length != 3
            || Decode(parts[0]) is not { } header
            || Decode(parts[1]) is not { } payload
            || Decode(parts[2]) is not { Length: > 0 }
        )
        {
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(header, Strict);
            var members = document.RootElement;
            if (
                members.ValueKind != JsonValueKind.Object
                || members.TryGetProperty("crit", out _)
                || Member(members, "alg") is not { } algorithm
                || (members.TryGetProperty("typ", out _) && !AccessTypes.Contains(Member(members, "typ"), StringComparer.OrdinalIgnoreCase))
            )
            {
                return null;
            }
            return new SignedToken(text, algorithm, Member(members, "kid"), payload);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads the claims; null when they are no JSON object.</summary>
    public JsonDocument? TryReadClaims()
    {
        try
        {
            var claims = JsonDocument.Parse(Payload, Strict);
            if (claims.RootElement.ValueKind == JsonValueKind.Object)
            {
                return claims;
            }
            claims.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a token's header names an algorithm; allocates nothing.</summary>
    public static bool NamesAlgorithm(ReadOnlySpan<char> text, ReadOnlySpan<byte> algorithm)
    {
        Span<byte> header = stackalloc byte[LongestHeader];
        var end = text.IndexOf('.');
        if (
            end < 0
            || Base64Url.GetMaxDecodedLength(end) > LongestHeader
            || Base64Url.DecodeFromChars(text[..end], header, out _, out var length) != OperationStatus.Done
        )
        {
            return false;
        }
        var reader = new Utf8JsonReader(header[..length]);
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("alg"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(algorithm);
                }
            }
        }
        catch (JsonException) { }
        return false;
    }

    private static string? Member(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Decode(string part)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        return Base64Url.DecodeFromChars(part, bytes, out _, out var length) == OperationStatus.Done ? bytes[..length] : null;
    }
}
