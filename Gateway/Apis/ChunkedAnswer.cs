using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Usage;

namespace Gateway.Apis;

/// <summary>
/// Streams of OpenAI's chunks: each a <c>data</c> line, <c>[DONE]</c> at the end. A stream that the gateway ends itself gets a last chunk
/// that says <c>length</c> for every choice, the usage if it was asked for, and <c>[DONE]</c>.
/// </summary>
/// <param name="chunk">The <c>object</c> of a chunk.</param>
internal abstract class ChunkedAnswer(string chunk) : AnswerForm
{
    public override UsageShape Usage => UsageShape.OpenAi;

    public override void AppendError(PooledBuffer output, int status, OpenAiError error, string? requestId)
    {
        output.Append("data: "u8);
        output.Append(OpenAiErrors.Form.Serialize(status, error, requestId).Span);
        output.Append("\n\n"u8);
    }

    public override void AppendEnd(PooledBuffer output, Call call, StreamMeter meter, DateTimeOffset now)
    {
        AppendChunk(output, call, meter, now, usage: null);
        if (call.Body.Members.IncludeUsage)
        {
            AppendChunk(output, call, meter, now, meter.Close(call.Body.Length).Usage ?? default);
        }
        output.Append("data: [DONE]\n\n"u8);
    }

    /// <summary>Writes a choice's part of a chunk that says nothing.</summary>
    protected abstract void WriteNothing(Utf8JsonWriter choice);

    private void AppendChunk(PooledBuffer output, Call call, StreamMeter meter, DateTimeOffset now, TokenUsage? usage)
    {
        output.Append("data: "u8);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("id", meter.AnswerId ?? call.RequestId);
            json.WriteString("object", chunk);
            json.WriteNumber("created", now.ToUnixTimeSeconds());
            json.WriteString("model", call.Model.Name);
            json.WriteStartArray("choices");
            for (var choice = 0; usage is null && choice < Math.Max(1, call.Body.Members.Choices); choice++)
            {
                json.WriteStartObject();
                json.WriteNumber("index", choice);
                WriteNothing(json);
                json.WriteString("finish_reason", "length");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (usage is { } used)
            {
                json.WriteStartObject("usage");
                json.WriteNumber("prompt_tokens", used.PromptTokens);
                json.WriteNumber("completion_tokens", used.CompletionTokens);
                json.WriteNumber("total_tokens", used.TotalTokens);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        output.Append("\n\n"u8);
    }
}
