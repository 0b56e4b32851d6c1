using System.IO.Pipelines;
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

    /// <summary>
    /// Breaks the answer off. Nothing may be written after it; everything before was flushed. Where nothing was written, or nobody reads,
    /// the connection is aborted at once.
    /// </summary>
    /// <param name="http">The client's request.</param>
    /// <param name="sent">Bytes of the body that were written, where the answer said how many it has.</param>
    public static async Task BreakOffAsync(HttpContext http, long sent = 0)
    {
        if (!http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
            return;
        }
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
            FillUp(http.Response.BodyWriter, http.Response.ContentLength - sent);
        }
        else
        {
            http.Abort();
        }
    }

    // The server counts what is written, and logs an answer that is shorter than it said as a fault of the program. What is written now
    // goes nowhere.
    private static void FillUp(PipeWriter output, long? missing)
    {
        while (missing > 0)
        {
            var count = (int)Math.Min(missing.Value, output.GetMemory().Length);
            output.Advance(count);
            missing -= count;
        }
    }
}
