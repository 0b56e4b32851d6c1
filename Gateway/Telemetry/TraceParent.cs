using System.Diagnostics;

namespace Gateway.Telemetry;

/// <summary>
/// The trace that a client's call belongs to. Where traces are sent, each request has a span of its own; elsewhere no span is made, and the
/// client's <c>traceparent</c> goes on as it came, when it has the form of one.
/// </summary>
internal static class TraceParent
{
    /// <summary>The header.</summary>
    public const string Header = "traceparent";

    private const int Length = 55;

    /// <summary>The client's header; null when there is none of the right form.</summary>
    public static string? Of(HttpContext http) => TryRead(http, out var text, out _) ? text : null;

    /// <summary>The trace's id in hexadecimal; null when the call belongs to none.</summary>
    public static string? IdOf(HttpContext http) =>
        (
            Activity.Current is { } span ? span.TraceId
            : TryRead(http, out _, out var client) ? client.TraceId
            : default(ActivityTraceId?)
        )?.ToHexString();

    private static bool TryRead(HttpContext http, out string? text, out ActivityContext context)
    {
        text = http.Request.Headers.TraceParent is [{ Length: Length } given] ? given : null;
        context = default;
        return text is not null && ActivityContext.TryParse(text, null, out context);
    }
}
