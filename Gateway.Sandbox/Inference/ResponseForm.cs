using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The response object and its items, as plain answers and events have them.</summary>
internal static class ResponseForm
{
    public static string ItemId(PieceKind kind) =>
        kind switch
        {
            PieceKind.ToolCall => "fc_sandbox_1",
            PieceKind.Reasoning => "rs_sandbox_1",
            _ => "msg_sandbox_1",
        };

    /// <summary>Appends the object; returns the bytes of answer text in it.</summary>
    public static long Append(Utf8Builder json, InferenceCall call, string status, SandboxUsage? usage, bool isWhole)
    {
        json.Raw("{\"id\":\""u8)
            .Text(call.RequestId)
            .Raw("\",\"object\":\"response\",\"created_at\":"u8)
            .Int(call.Created)
            .Raw(",\"status\":\""u8)
            .Text(status)
            .Raw("\",\"error\":null,\"incomplete_details\":"u8)
            .Raw(status == "incomplete" ? "{\"reason\":\"max_output_tokens\"}"u8 : "null"u8)
            .Raw(",\"instructions\":null,\"metadata\":{},\"model\":"u8)
            .Raw(call.Deployment.NameJson)
            .Raw(",\"output\":["u8);
        var bytes = isWhole ? AppendItems(json, call) : 0;
        json.Raw("],\"parallel_tool_calls\":true,\"temperature\":1.0,\"tool_choice\":\"auto\",\"tools\":[],\"top_p\":1.0"u8)
            .Raw(
                ",\"reasoning\":{\"effort\":null,\"summary\":null},\"text\":{\"format\":{\"type\":\"text\"}},\"truncation\":\"disabled\""u8
            )
            .Raw(",\"store\":true,\"service_tier\":\"default\",\"usage\":"u8);
        if (isWhole && usage is { } told && call.Scenario.Report != ToldUsage.None)
        {
            AppendUsage(json, call.Scenario.Report == ToldUsage.Zero ? default : told);
        }
        else
        {
            json.Raw("null"u8);
        }
        json.Raw("}"u8);
        return bytes;
    }

    public static void AppendItem(Utf8Builder json, InferenceCall call, PieceKind kind, int from, int to, string status)
    {
        json.Raw("{\"id\":\""u8).Text(ItemId(kind)).Raw("\",\"status\":\""u8).Text(status);
        switch (kind)
        {
            case PieceKind.ToolCall:
                json.Raw("\",\"type\":\"function_call\",\"call_id\":\"call_sandbox_1\",\"name\":"u8)
                    .String(call.ToolName)
                    .Raw(",\"arguments\":\""u8);
                AppendText(json, call, from, to);
                json.Raw("\"}"u8);
                break;
            case PieceKind.Reasoning:
                json.Raw("\",\"type\":\"reasoning\",\"summary\":["u8);
                if (to > from)
                {
                    json.Raw("{\"type\":\"summary_text\",\"text\":\""u8);
                    AppendText(json, call, from, to);
                    json.Raw("\"}"u8);
                }
                json.Raw("]}"u8);
                break;
            default:
                json.Raw("\",\"type\":\"message\",\"role\":\"assistant\",\"content\":["u8);
                if (to > from)
                {
                    json.Raw("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\""u8);
                    AppendText(json, call, from, to);
                    json.Raw("\"}"u8);
                }
                json.Raw("]}"u8);
                break;
        }
    }

    public static long AppendText(Utf8Builder json, InferenceCall call, int from, int to)
    {
        var bytes = 0L;
        for (var i = from; i < to; i++)
        {
            json.Raw(call.PieceAt(i).Json(call.IsLast(i)));
            bytes += call.PieceAt(i).Bytes(call.IsLast(i));
        }
        return bytes;
    }

    private static long AppendItems(Utf8Builder json, InferenceCall call)
    {
        var bytes = 0L;
        for (var (from, to) = (0, 0); from < call.Pieces; from = to)
        {
            var kind = call.PieceAt(from).Kind;
            for (to = from; to < call.Pieces && call.PieceAt(to).Kind == kind; to++)
            {
                bytes += call.PieceAt(to).Bytes(call.IsLast(to));
            }
            json.Raw(from == 0 ? ""u8 : ","u8);
            AppendItem(json, call, kind, from, to, "completed");
        }
        return bytes;
    }

    private static void AppendUsage(Utf8Builder json, in SandboxUsage usage) =>
        json.Raw("{\"input_tokens\":"u8)
            .Int(usage.PromptTokens)
            .Raw(",\"input_tokens_details\":{\"cached_tokens\":"u8)
            .Int(usage.CachedTokens)
            .Raw("},\"output_tokens\":"u8)
            .Int(usage.CompletionTokens)
            .Raw(",\"output_tokens_details\":{\"reasoning_tokens\":"u8)
            .Int(usage.ReasoningTokens)
            .Raw("},\"total_tokens\":"u8)
            .Int((long)usage.PromptTokens + usage.CompletionTokens)
            .Raw("}"u8);
}
