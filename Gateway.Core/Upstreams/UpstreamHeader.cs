namespace Gateway.Core.Upstreams;

/// <summary>A header that calls to an upstream carry.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public readonly record struct UpstreamHeader(string Name, string Value)
{
    private const char Separator = ':';

    // What HTTP or the gateway itself sets. A credential is no header to add: it has a place of its own, where nobody reads it.
    private static readonly HashSet<string> Taken = new(StringComparer.OrdinalIgnoreCase)
    {
        "accept",
        "accept-encoding",
        "api-key",
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "traceparent",
        "tracestate",
        "transfer-encoding",
        "upgrade",
        "x-api-key",
        "x-goog-api-key",
        "x-litellm-api-key",
    };

    /// <summary>Whether a name may be added.</summary>
    public static bool IsFree(string name) => !Taken.Contains(name);

    /// <summary>Whether a text is a header's name.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Whether a text can stand in a header.</summary>
    public static bool IsValue(string value) => value.Length is > 0 and <= 1_024 && value.All(c => c is >= ' ' and <= '~');

    /// <summary>As it is stored: <c>name:value</c>.</summary>
    public string ToStored() => Name + Separator + Value;

    /// <summary>Reads what <see cref="ToStored"/> wrote.</summary>
    public static UpstreamHeader OfStored(string stored)
    {
        var end = stored.IndexOf(Separator);
        return new UpstreamHeader(stored[..end], stored[(end + 1)..]);
    }
}
