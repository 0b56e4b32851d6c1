using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Core.Upstreams;

namespace Gateway.Admin.Upstreams;

/// <summary>The forms of an upstream's members.</summary>
internal static class UpstreamForms
{
    public const int MostHeaders = 32;
    public const int MostModels = 10_000;
    public const string ExpectedName = "lower-case letters, digits, dots, hyphens and underscores";
    public const string ExpectedAddress = "one http or https address or more, separated by commas, without query and credentials";
    public const string ExpectedKey = "a key without white space";

    private const int LongestModelName = 255;

    /// <summary>Whether a text can name an upstream: it stands in the ledger and as a metric's label.</summary>
    public static bool IsName(string text) => text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_');

    /// <summary>Whether a text names addresses.</summary>
    public static bool IsAddress(string text)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0
            && Array.TrueForAll(
                parts,
                part =>
                    Uri.TryCreate(part, UriKind.Absolute, out var url)
                    && url.Scheme is "http" or "https"
                    && url is { Query: "", Fragment: "", UserInfo: "" }
            );
    }

    /// <summary>Whether a text can be sent as a key.</summary>
    public static bool IsKey(string text) => text.All(c => c is > ' ' and <= '~');

    /// <summary>Reads headers; what is wrong goes to <paramref name="refuse"/>.</summary>
    public static List<string> ReadHeaders(JsonObject headers, Action<string, string, string> refuse)
    {
        List<string> read = [];
        if (headers.Count > MostHeaders)
        {
            refuse("headers", "max_length", $"maximum length is {MostHeaders}");
            return read;
        }
        foreach (var (name, value) in headers)
        {
            var text = Text(value);
            if (!UpstreamHeader.IsName(name) || !UpstreamHeader.IsFree(name))
            {
                refuse("headers", "header", $"\"{Shown(name)}\" cannot be added: a credential goes into api_key, others the gateway sets");
            }
            else if (text is null || !UpstreamHeader.IsValue(text))
            {
                refuse("headers", "header", $"the value of {name} must be a text of 1 to 1024 printable characters");
            }
            else
            {
                read.Add(new UpstreamHeader(name, text).ToStored());
            }
        }
        return read;
    }

    /// <summary>Reads the names of models there by those here; null there: the same.</summary>
    public static Dictionary<string, string> ReadModels(JsonObject models, Action<string, string, string> refuse)
    {
        Dictionary<string, string> read = new(StringComparer.Ordinal);
        if (models.Count > MostModels)
        {
            refuse("models", "max_length", $"maximum length is {MostModels}");
            return read;
        }
        foreach (var (name, value) in models)
        {
            var text = value is null ? name : Text(value);
            if (text is not { Length: > 0 and <= LongestModelName } || text.Any(char.IsControl))
            {
                refuse("models", "name", $"the name of {Shown(name)} there must be a text of 1 to {LongestModelName} characters");
            }
            else
            {
                read[name] = text;
            }
        }
        return read;
    }

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "...";
}
