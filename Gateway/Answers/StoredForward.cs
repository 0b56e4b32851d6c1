using Gateway.Calls;
using Gateway.Core.Configuration;

namespace Gateway.Answers;

/// <summary>Sends on what is asked of things that an upstream keeps, and its answer: free, and no calls of the ledger.</summary>
internal static class StoredForward
{
    // What a client may ask of them.
    private static readonly string[] Questions = ["include", "limit", "order", "after", "before"];

    /// <summary>Sends it, and answers the client.</summary>
    /// <param name="http">The client's request.</param>
    /// <param name="send">Sends it; null when there is no such upstream.</param>
    /// <param name="patience">How long the whole may take; null: as long as a call may wait for its first byte.</param>
    /// <param name="isRefused">Whether the gateway refused what was being sent: then who sent it says so.</param>
    /// <param name="isProvider">Whether that is a provider's own server, without LiteLLM in between.</param>
    /// <returns>The body of a good answer, before the client has it; null: the client has its refusal.</returns>
    public static async Task<byte[]?> AskAsync(
        HttpContext http,
        Func<CancellationToken, Task<HttpResponseMessage?>> send,
        bool isProvider = true,
        TimeSpan? patience = null,
        Func<bool>? isRefused = null
    )
    {
        var options = http.RequestServices.GetRequiredService<HubOptions>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        stop.CancelAfter(patience ?? options.Upstream.UpstreamFirstByteTimeout);
        try
        {
            using var answer = await send(stop.Token);
            if (answer is null)
            {
                await http.RefuseAsync(Refusals.UpstreamNotConfigured);
                return null;
            }
            await answer.Content.LoadIntoBufferAsync(options.Body.MaxBodyBytes, stop.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(stop.Token);
            if (answer.IsSuccessStatusCode)
            {
                return body;
            }
            await RefuseAsync(http, (int)answer.StatusCode, body, isProvider);
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException && isRefused?.Invoke() == true)
        {
            // Who sent it says so.
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            await http.RefuseAsync(Refusals.UpstreamTimeout);
        }
        catch (HttpRequestException)
        {
            await http.RefuseAsync(Refusals.UpstreamUnreachable);
        }
        return null;
    }

    /// <summary>Sends a good answer.</summary>
    public static Task SendAsync(HttpContext http, ReadOnlyMemory<byte> json)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = AnswerKinds.JsonType;
        http.Response.ContentLength = json.Length;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(json, http.RequestAborted).AsTask();
    }

    /// <summary>Sends an upstream's error.</summary>
    public static Task RefuseAsync(HttpContext http, int status, byte[] body, bool isProvider = true)
    {
        if (status is < 400 or > 599)
        {
            return http.RefuseAsync(Refusals.UpstreamInvalid);
        }
        var error = UpstreamErrorReader.Read(status, body);
        return (isProvider ? UpstreamErrorReader.IsOursAtProvider(status, error) : UpstreamErrorReader.IsOurs(status, error))
            ? http.RefuseAsync(Refusals.UpstreamRefused)
            : http.WriteUpstreamErrorAsync(status, error);
    }

    /// <summary>What of the client's query goes on.</summary>
    public static QueryString Query(IQueryCollection asked) =>
        QueryString.Create(
            asked
                .Where(q => Questions.Contains(q.Key.TrimEnd('[', ']')))
                .SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)))
        );
}
