using System.Buffers;
using System.Globalization;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Upstreams;
using Gateway.Limits;
using Gateway.Upstream;

namespace Gateway.Answers;

/// <summary>Answers with the upstream's error in OpenAI's shape. Errors are free.</summary>
internal sealed class FailureRelay(AnswerOptions options)
{
    private const int LongestBody = 64 * 1024;

    /// <summary>
    /// Sends on an answer with an error status (or a redirect, or an unknown status, which are errors of the upstream's here).
    /// </summary>
    public async Task RelayAsync(HttpContext http, HttpResponseMessage upstream, UpstreamCall upstreamCall)
    {
        var status = (int)upstream.StatusCode;
        if (status is < 400 or > 599)
        {
            await RefuseAsync(http, Refusals.UpstreamInvalid, Outcomes.UpstreamInvalid);
            return;
        }
        var body = await ReadBodyAsync(upstream, upstreamCall, http.GetCall());
        var error = UpstreamErrorReader.Read(status, body);
        if (
            http.Response.Headers.RetryAfter.Count == 0
            && status is 429 or 503
            && upstream.Headers.NonValidated.TryGetValues("llm_provider-retry-after", out var wait)
            && AnswerHeaders.IsSendable(wait.ToString())
        )
        {
            http.Response.Headers.RetryAfter = wait.ToString(); // LiteLLM hides the provider's; SDKs wait by it
        }
        if (
            http.Response.Headers.RetryAfter.Count == 0
            && status is 429 or 503
            && (RetryAfter.Of(upstream) ?? RetryAfter.OfBody(body)) is { } reset
        )
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(reset.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
        await SendAsync(http, status, error);
    }

    /// <summary>Sends an error that stood inside an answer with status 200.</summary>
    public Task SendAsync(HttpContext http, int status, OpenAiError error) =>
        IsOurs(http.GetCall(), status, error)
            ? RefuseAsync(http, Refusals.UpstreamRefused, Outcomes.UpstreamRefused)
            : EndAsync(http, status, Outcomes.UpstreamError, () => http.WriteUpstreamErrorAsync(status, error));

    /// <summary>Answers in the gateway's own name: no client could use the upstream's answer.</summary>
    public Task RefuseAsync(HttpContext http, Refusal refusal, string outcome) =>
        EndAsync(http, refusal.Status, outcome, () => http.RefuseAsync(refusal));

    /// <summary>Whether a call was answered by a provider, without LiteLLM in between.</summary>
    public static bool IsOfProvider(Call call) => call.Upstream is { } upstream && upstream.Kind != UpstreamKind.LiteLlm;

    private static bool IsOurs(Call call, int status, OpenAiError error) =>
        IsOfProvider(call) ? UpstreamErrorReader.IsOursAtProvider(status, error) : UpstreamErrorReader.IsOurs(status, error);

    private static async Task EndAsync(HttpContext http, int status, string outcome, Func<Task> write)
    {
        var call = http.GetCall();
        await call.Reservation.EndAsync(CallEnd.Failed(outcome, status, call.Body.Members.Stream));
        http.Response.Headers.Remove("content-encoding");
        await write();
    }

    private async Task<byte[]> ReadBodyAsync(HttpResponseMessage upstream, UpstreamCall upstreamCall, Call call)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestBody);
        try
        {
            using var reader = await UpstreamReader.OpenAsync(upstream, upstreamCall, call, options);
            var length = 0;
            while (length < buffer.Length && await reader.ReadAsync(buffer.AsMemory(length)) is var read and > 0)
            {
                length += read;
            }
            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
