using System.Buffers;
using System.Text.Json;

namespace Gateway.Calls;

/// <summary>OpenAI's <c>{"error":{...}}</c>. Our own say so in <c>error.gateway</c>, with the request id.</summary>
internal sealed class OpenAiErrors : IErrorForm
{
    /// <summary>The form of every API and route that has no other.</summary>
    public static readonly IErrorForm Form = new OpenAiErrors();

    /// <summary>The most characters of a message.</summary>
    public const int LongestMessage = 4_096;

    /// <summary>How errors are escaped.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private OpenAiErrors() { }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Serialize(
        int status,
        OpenAiError error,
        string? requestId,
        bool isOurs = true,
        LimitDetails? details = null
    )
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
            if (isOurs && requestId is not null)
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

    /// <summary>Writes the members that tell of a limit.</summary>
    public static void WriteDetails(Utf8JsonWriter json, LimitDetails? details)
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
}
