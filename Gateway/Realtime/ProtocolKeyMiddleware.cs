namespace Gateway.Realtime;

/// <summary>
/// Browsers set no headers on a WebSocket: OpenAI's libraries there put the key among the subprotocols. It is read as the header
/// <c>api-key</c> is, and taken out.
/// </summary>
internal sealed class ProtocolKeyMiddleware(RequestDelegate next)
{
    private const string KeyPrefix = "openai-insecure-api-key.";
    private const string BetaPrefix = "openai-beta.";
    private const string KeyHeader = "api-key";

    /// <summary>The one subprotocol that is spoken.</summary>
    public const string Realtime = "realtime";

    /// <summary>The header by which OpenAI's older form of events is asked for.</summary>
    public const string BetaHeader = "OpenAI-Beta";

    /// <summary>Its value.</summary>
    public const string Beta = "realtime=v1";

    private const string BetaProtocol = BetaPrefix + "realtime-v1";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        var kept = new List<string>();
        foreach (var protocol in headers.GetCommaSeparatedValues("Sec-WebSocket-Protocol"))
        {
            if (protocol.StartsWith(KeyPrefix, StringComparison.Ordinal))
            {
                headers.Append(KeyHeader, protocol[KeyPrefix.Length..]);
            }
            else if (protocol == BetaProtocol)
            {
                headers[BetaHeader] = Beta;
            }
            else
            {
                kept.Add(protocol);
            }
        }
        headers.SecWebSocketProtocol = kept.Count == 0 ? default : string.Join(", ", kept);
        return next(http);
    }
}
