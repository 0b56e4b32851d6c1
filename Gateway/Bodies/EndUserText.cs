using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gateway.Bodies;

/// <summary>
/// The name of an end user out of what client libraries write into bodies. Coding tools put the session there too, which would make an end
/// user of each: it is left out. What is too long, or no plain text, is named by its hash.
/// </summary>
internal static class EndUserText
{
    private const string Session = "_session_";
    private const int HashBytes = 16;

    private static readonly string[] Owners = ["device_id", "account_uuid", "user_id"];

    /// <summary>The name; null: the text names nobody.</summary>
    /// <param name="text">What stands in the body.</param>
    /// <param name="longest">The most characters.</param>
    public static string? Of(string? text, int longest)
    {
        var name = text?.Trim() ?? "";
        if (name.StartsWith('{'))
        {
            name = OwnerOf(name) ?? name;
        }
        else if (name.IndexOf(Session, StringComparison.Ordinal) is > 0 and var at)
        {
            name = name[..at];
        }
        return name.Length == 0 ? null
            : name.Length > longest || !IsPlain(name) ? Hashed(SHA256.HashData(Encoding.UTF8.GetBytes(name)))
            : name;
    }

    /// <summary>The name that stands for a text that cannot be one.</summary>
    public static string Hashed(ReadOnlySpan<byte> hash) => $"sha256-{Convert.ToHexStringLower(hash[..HashBytes])}";

    /// <summary>Whether a text has whole characters only, and none that controls.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                return false;
            }
        }
        return true;
    }

    // Claude Code: {"device_id":"...","account_uuid":"...","session_id":"..."}
    private static string? OwnerOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var owner in Owners)
            {
                if (
                    document.RootElement.TryGetProperty(owner, out var value)
                    && value.ValueKind == JsonValueKind.String
                    && value.GetString() is { Length: > 0 } name
                )
                {
                    return name;
                }
            }
        }
        catch (JsonException)
        {
            // No JSON after all: the text stands for itself
        }
        return null;
    }
}
