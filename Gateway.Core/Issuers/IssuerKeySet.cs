using System.Text.Json;

namespace Gateway.Core.Issuers;

/// <summary>The keys that an issuer publishes. Immutable.</summary>
internal sealed class IssuerKeySet
{
    private const int MostKeys = 100;

    private readonly IReadOnlyList<IssuerKey> _keys;

    private IssuerKeySet(IReadOnlyList<IssuerKey> keys, string text) => (_keys, Text) = (keys, text);

    /// <summary>The document as it came: two sets are the same when this is.</summary>
    public string Text { get; }

    /// <summary>
    /// Reads a JWKS; null when it is no JWKS or holds no key that signs. Keys of kinds that we do not know are passed over.
    /// </summary>
    public static IssuerKeySet? TryRead(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (
                document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("keys", out var keys)
                || keys.ValueKind != JsonValueKind.Array
            )
            {
                return null;
            }
            var usable = keys.EnumerateArray().Take(MostKeys).Select(IssuerKey.TryRead).OfType<IssuerKey>().ToList();
            return usable.Count == 0 ? null : new IssuerKeySet(usable, json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The key that a token names. A token that names none is only taken when there is no choice; so is a key without a name.
    /// </summary>
    public IssuerKey? Find(string? keyId) =>
        _keys.FirstOrDefault(k => k.KeyId == keyId && keyId is not null)
        ?? (_keys.Count == 1 && (keyId is null || _keys[0].KeyId is null) ? _keys[0] : null);
}
