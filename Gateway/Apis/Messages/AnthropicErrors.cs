using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Calls;

namespace Gateway.Apis.Messages;

/// <summary>
/// Anthropic's <c>{"type":"error","error":{"type","message"},"request_id"}</c>. Our own say so in <c>error.gateway</c>, with the code that
/// OpenAI's form has in <c>error.code</c>.
/// </summary>
internal sealed class AnthropicErrors : IErrorForm
{
    public static readonly IErrorForm Form = new AnthropicErrors();

    private static readonly FrozenSet<string> Types = FrozenSet.Create(
        StringComparer.Ordinal,
        "invalid_request_error",
        "authentication_error",
        "billing_error",
        "permission_error",
        "not_found_error",
        "request_too_large",
        "rate_limit_error",
        "timeout_error",
        "api_error",
        "overloaded_error"
    );

    private AnthropicErrors() { }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Serialize(
        int status,
        OpenAiError error,
        string? requestId,
        bool isOurs = true,
        LimitDetails? details = null
    )
    {
        var isGateways = isOurs && requestId is not null;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, OpenAiErrors.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type", "error");
            json.WriteStartObject("error");
            json.WriteString("type", !isGateways && Types.Contains(error.Type) ? error.Type : TypeOf(status));
            json.WriteString("message", ShownText.Cut(error.Message, OpenAiErrors.LongestMessage));
            if (isGateways)
            {
                json.WriteStartObject("gateway");
                json.WriteString("origin", "gateway");
                json.WriteString("code", error.Code);
                OpenAiErrors.WriteDetails(json, details);
                json.WriteString("request_id", requestId);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            if (requestId is not null)
            {
                json.WriteString("request_id", requestId);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static string TypeOf(int status) =>
        status switch
        {
            401 => "authentication_error",
            402 => "billing_error",
            403 => "permission_error",
            404 => "not_found_error",
            408 or 504 => "timeout_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            503 or 529 => "overloaded_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        };
}
