using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Usage;

namespace Gateway.Apis.Responses;

/// <summary>
/// OpenAI's responses. The event that ends a stream holds the whole answer and its usage; a stream that fails ends with
/// <c>response.failed</c>.
/// </summary>
internal sealed class ResponsesAnswer : AnswerForm
{
    public override UsageShape Usage => UsageShape.Responses;

    /// <summary>One that is made in the background says so, and tells its usage to those who ask later.</summary>
    public override MeteredAnswer Complete(Call call, MeteredAnswer answer) =>
        call.Body.Members.ContentRef.IsBackground
        && answer is { Error: null, AnswerId: not null, UsageSource: UsageSource.None, State: AnswerState.AtWork }
            ? answer with
            {
                IsPending = true,
                Outcome = AnswerOutcome.Complete,
            }
            : answer;

    public override void AppendError(PooledBuffer output, int status, OpenAiError error, string? requestId)
    {
        output.Append("event: response.failed\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, OpenAiErrors.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type", "response.failed");
            json.WriteStartObject("response");
            json.WriteString("object", "response");
            json.WriteString("status", "failed");
            json.WriteStartObject("error");
            json.WriteString("code", status == 429 ? "rate_limit_exceeded" : error.Code ?? "server_error");
            json.WriteString("message", ShownText.Cut(error.Message, OpenAiErrors.LongestMessage));
            if (requestId is not null)
            {
                json.WriteStartObject("gateway");
                json.WriteString("origin", "gateway");
                json.WriteString("request_id", requestId);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteStartArray("output");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        output.Append("\n\n"u8);
    }

    public override void AppendEnd(PooledBuffer output, Call call, StreamMeter meter, DateTimeOffset now)
    {
        var usage = meter.Close(call.Body.Length).Usage ?? default;
        output.Append("event: response.incomplete\ndata: "u8);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("type", "response.incomplete");
            json.WriteNumber("sequence_number", meter.Events);
            json.WriteStartObject("response");
            json.WriteString("id", meter.AnswerId ?? "resp_" + call.RequestId);
            json.WriteString("object", "response");
            json.WriteNumber("created_at", now.ToUnixTimeSeconds());
            json.WriteString("status", "incomplete");
            json.WriteNull("error");
            json.WriteStartObject("incomplete_details");
            json.WriteString("reason", "max_output_tokens");
            json.WriteEndObject();
            json.WriteString("model", call.Model.Name);
            json.WriteStartArray("output");
            json.WriteEndArray();
            json.WriteStartObject("usage");
            json.WriteNumber("input_tokens", usage.PromptTokens);
            json.WriteStartObject("input_tokens_details");
            json.WriteNumber("cached_tokens", usage.CacheRead);
            json.WriteEndObject();
            json.WriteNumber("output_tokens", usage.CompletionTokens);
            json.WriteStartObject("output_tokens_details");
            json.WriteNumber("reasoning_tokens", usage.Reasoning);
            json.WriteEndObject();
            json.WriteNumber("total_tokens", usage.TotalTokens);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        output.Append("\n\n"u8);
    }
}
