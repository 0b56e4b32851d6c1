using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Gateway.Calls;

/// <summary>Writes errors in OpenAI's shape. Our own say so in <c>error.gateway</c>; both kinds carry the request id.</summary>
internal static class OpenAiErrorWriter
{
    private const int LongestMessage = 4_096;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Answers with a refusal. Does nothing when the answer has begun or the client is gone.</summary>
    public static Task RefuseAsync(this HttpContext http, Refusal refusal)
    {
        if (http.Response.HasStarted)
        {
            return Task.CompletedTask;
        }
        http.Features.Set(refusal); // for whoever counts and logs
        if (refusal.Allow is not null)
        {
            http.Response.Headers.Allow = refusal.Allow;
        }
        if (refusal.Challenge)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        if (refusal.MustNotRetry)
        {
            http.Response.Headers["x-should-retry"] = "false";
        }
        return WriteAsync(
            http,
            refusal.Status,
            Serialize(new OpenAiError(refusal.Message, refusal.Type, refusal.Param, refusal.Code), http.GetRequestId(), refusal.Details)
        );
    }

    /// <summary>Answers with an error that the upstream made.</summary>
    public static Task WriteUpstreamErrorAsync(this HttpContext http, int status, OpenAiError error)
    {
        http.Response.Headers["x-oneui-origin"] = "upstream";
        return WriteAsync(http, status, Serialize(error, requestId: null));
    }

    /// <summary>The JSON of an error. <paramref name="requestId"/> marks it as the gateway's own.</summary>
    public static ReadOnlyMemory<byte> Serialize(OpenAiError error, string? requestId, LimitDetails? details = null)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", ShownText.Cut(error.Message, LongestMessage));
            json.WriteString("type", ShownText.Cut(error.Type));
            WriteName(json, "param", error.Param);
            WriteName(json, "code", error.Code);
            if (requestId is not null)
            {
                json.WriteStartObject("gateway");
                json.WriteString("origin", "gateway");
                WriteDetails(json, details);
                json.WriteString("request_id", requestId);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static void WriteName(Utf8JsonWriter json, string member, string? name) =>
        json.WriteString(member, name is null ? null : ShownText.Cut(name));

    private static void WriteDetails(Utf8JsonWriter json, LimitDetails? details)
    {
        if (details is null)
        {
            return;
        }
        json.WriteString("scope", details.Scope);
        json.WriteNumber("limit", details.Limit);
        json.WriteString("window", details.Window);
        json.WriteNumber("remaining", details.Remaining);
        if (details.ResetAt is { } resetAt)
        {
            json.WriteString("reset_at", resetAt);
        }
        else
        {
            json.WriteNull("reset_at");
        }
        json.WriteString("reason", details.Reason);
        json.WriteNumber("needed", details.Needed);
        if (details.Held is { } held)
        {
            json.WriteNumber("held", held);
        }
        if (details.MaxTokens is { } maximum)
        {
            json.WriteNumber("max_tokens", maximum);
        }
    }

    private static async Task WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            try
            {
                await http.Response.Body.WriteAsync(body, CancellationToken.None);
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException)
            {
                // The client is gone; there is nobody to tell.
            }
        }
    }
}
