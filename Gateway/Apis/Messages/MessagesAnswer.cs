using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Usage;

namespace Gateway.Apis.Messages;

/// <summary>
/// Anthropic's answers. A stream begins its usage in <c>message_start</c> and ends it in <c>message_delta</c>: of each count the larger is
/// taken, never the sum. <c>message_stop</c> is its end.
/// </summary>
internal sealed class MessagesAnswer : AnswerForm
{
    public override UsageShape Usage => UsageShape.Messages;

    public override void AppendError(PooledBuffer output, int status, OpenAiError error, string? requestId)
    {
        output.Append("event: error\ndata: "u8);
        output.Append(AnthropicErrors.Form.Serialize(status, error, requestId).Span);
        output.Append("\n\n"u8);
    }

    public override void AppendEnd(PooledBuffer output, Call call, StreamMeter meter, DateTimeOffset now)
    {
        if (meter.IsWithinBlock)
        {
            output.Append("event: content_block_stop\ndata: "u8);
            using (var json = new Utf8JsonWriter(output))
            {
                json.WriteStartObject();
                json.WriteString("type", "content_block_stop");
                json.WriteNumber("index", meter.Blocks - 1);
                json.WriteEndObject();
            }
            output.Append("\n\n"u8);
        }
        output.Append("event: message_delta\ndata: "u8);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("type", "message_delta");
            json.WriteStartObject("delta");
            json.WriteString("stop_reason", "max_tokens");
            json.WriteNull("stop_sequence");
            json.WriteEndObject();
            json.WriteStartObject("usage");
            json.WriteNumber("output_tokens", (meter.Close(call.Body.Length).Usage ?? default).CompletionTokens);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        output.Append("\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8);
    }
}
