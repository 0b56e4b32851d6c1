using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Answers;

/// <summary>
/// Ends an answer that has begun so that no client takes it for a whole one: over HTTP/1.1 the connection is closed without the body's last
/// chunk, after all that was written; over HTTP/2 and HTTP/3 the stream is reset.
/// </summary>
internal static class AnswerBreak
{
    private const int Http2InternalError = 0x2;
    private const int Http3InternalError = 0x102;

    // Many readers forget what they have not read yet when they see the end: they get the time to read what was said last. Time of the
    // network, not of any policy.
    private static readonly TimeSpan ReadingTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Breaks the answer off. Nothing may be written after it; everything before was flushed.</summary>
    public static async Task BreakOffAsync(HttpContext http)
    {
        await Task.Delay(ReadingTime, CancellationToken.None);
        if (http.Features.Get<IHttpResetFeature>() is { } stream)
        {
            stream.Reset(HttpProtocol.IsHttp3(http.Request.Protocol) ? Http3InternalError : Http2InternalError);
        }
        else if (
            http.Features.Get<BreakableOutput>() is { } connection
            && http.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime
        )
        {
            connection.BreakOff();
            lifetime.RequestClose();
        }
        else
        {
            http.Abort();
        }
    }
}
