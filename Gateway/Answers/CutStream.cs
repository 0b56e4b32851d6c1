using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Usage;

namespace Gateway.Answers;

/// <summary>
/// The proper end of a stream that the gateway ends itself: a last chunk that says <c>length</c> for every choice, the usage if it was
/// asked for, and <c>[DONE]</c>, as a client knows it from a maximum that was reached.
/// </summary>
internal static class CutStream
{
    public static void AppendEnd(PooledBuffer output, Call inference, StreamMeter meter, DateTimeOffset now)
    {
        AppendChunk(output, inference, meter, now, usage: null);
        if (inference.Body.Members.IncludeUsage)
        {
            AppendChunk(output, inference, meter, now, meter.Close(inference.Body.Length).Usage ?? default);
        }
        output.Append("data: [DONE]\n\n"u8);
    }

    private static void AppendChunk(PooledBuffer output, Call inference, StreamMeter meter, DateTimeOffset now, TokenUsage? usage)
    {
        var isChat = inference.Api == InferenceApi.ChatCompletions;
        output.Append("data: "u8);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("id", meter.AnswerId ?? inference.RequestId);
            json.WriteString("object", isChat ? "chat.completion.chunk" : "text_completion");
            json.WriteNumber("created", now.ToUnixTimeSeconds());
            json.WriteString("model", inference.Model.Name);
            json.WriteStartArray("choices");
            for (var choice = 0; usage is null && choice < Math.Max(1, inference.Body.Members.Choices); choice++)
            {
                WriteChoice(json, isChat, choice);
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

    private static void WriteChoice(Utf8JsonWriter json, bool isChat, int index)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        if (isChat)
        {
            json.WriteStartObject("delta");
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("text", "");
            json.WriteNull("logprobs");
        }
        json.WriteString("finish_reason", "length");
        json.WriteEndObject();
    }
}
