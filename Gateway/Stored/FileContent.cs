using Gateway.Answers;
using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Configuration;
using Gateway.Core.Upstreams;
using Gateway.Upstream;

namespace Gateway.Stored;

/// <summary>Sends on the bytes of a file as they come. One that breaks off breaks off for the client too.</summary>
internal static class FileContent
{
    private const int PieceBytes = 64 * 1024;
    private const int LongestError = 64 * 1024;

    /// <summary>Sends it.</summary>
    public static async Task SendAsync(HttpContext http, PolicyUpstream upstream, string id)
    {
        var options = http.RequestServices.GetRequiredService<HubOptions>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        stop.CancelAfter(options.Upstream.UpstreamFirstByteTimeout);
        var sent = 0L;
        try
        {
            var path = $"files/{Uri.EscapeDataString(id)}/content";
            using var answer = await http
                .RequestServices.GetRequiredService<UpstreamSide>()
                .SendAsync(upstream, HttpMethod.Get, path, null, stop.Token);
            if (answer is not { IsSuccessStatusCode: true })
            {
                await RefuseAsync(http, answer, stop.Token);
                return;
            }
            http.Response.ContentType = "application/octet-stream"; // whatever it is, no page of ours
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.ContentLength = answer.Content.Headers.ContentLength;
            await using var from = await answer.Content.ReadAsStreamAsync(stop.Token);
            using var piece = new PooledBuffer(PieceBytes);
            while (await NextAsync(from, piece, stop, options.Answer.UpstreamIdleTimeout) is var read and > 0)
            {
                await http.Response.Body.WriteAsync(piece.GetMemory(PieceBytes)[..read], http.RequestAborted);
                sent += read;
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            if (http.Response.HasStarted)
            {
                await AnswerBreak.BreakOffAsync(http, sent);
                return;
            }
            http.Response.Clear();
            await http.RefuseAsync(fault is OperationCanceledException ? Refusals.UpstreamTimeout : Refusals.UpstreamUnreachable);
        }
    }

    private static async ValueTask<int> NextAsync(Stream from, PooledBuffer piece, CancellationTokenSource stop, TimeSpan idle)
    {
        stop.CancelAfter(idle);
        return await from.ReadAsync(piece.GetMemory(PieceBytes), stop.Token);
    }

    private static async Task RefuseAsync(HttpContext http, HttpResponseMessage? answer, CancellationToken cancellationToken)
    {
        if (answer is null)
        {
            await http.RefuseAsync(Refusals.UpstreamNotConfigured);
            return;
        }
        await answer.Content.LoadIntoBufferAsync(LongestError, cancellationToken);
        await StoredForward.RefuseAsync(http, (int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
