using System.Buffers.Binary;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The bodies of answers in one piece.</summary>
internal static class PlainBody
{
    private const int DefaultDimensions = 8;
    private const int MostDimensions = 4096;

    /// <summary>Appends the body; returns the bytes of answer text in it.</summary>
    public static long Append(Utf8Builder json, InferenceCall call, in SandboxUsage usage, LiteLlmBehaviour behaviour)
    {
        switch (call.Api)
        {
            case InferenceApi.Chat:
                return AppendChat(json, call, usage, behaviour == LiteLlmBehaviour.Legacy);
            case InferenceApi.Completions:
                return AppendCompletion(json, call, usage);
            case InferenceApi.Messages:
                return AppendMessages(json, call, usage);
            case InferenceApi.CountTokens:
                json.Raw("{\"input_tokens\":"u8).Int(call.Request.PromptTokens).Raw(",\"litellm_count_source\":\"provider\"}"u8);
                return 0;
            case InferenceApi.InputTokens:
                json.Raw("{\"object\":\"response.input_tokens\",\"input_tokens\":"u8).Int(call.Request.PromptTokens).Raw("}"u8);
                return 0;
            case >= InferenceApi.Moderations:
                ThingsForm.Append(json, call, usage);
                return 0;
            case InferenceApi.Responses when call.Request.Background:
                return ResponseForm.Append(json, call, "queued", null, isWhole: false);
            case InferenceApi.Responses:
                return ResponseForm.Append(json, call, call.IsCut ? "incomplete" : "completed", usage, isWhole: true);
            default:
                AppendEmbeddings(json, call, usage);
                return 0;
        }
    }

    private static long AppendChat(Utf8Builder json, InferenceCall call, in SandboxUsage usage, bool isLegacy)
    {
        var isAnthropic = call.Deployment.IsAnthropic;
        json.Raw("{\"id\":\""u8)
            .Text(call.RequestId)
            .Raw("\",\"created\":"u8)
            .Int(call.Created)
            .Raw(",\"model\":"u8)
            .Raw(call.Deployment.NameJson)
            .Raw(",\"object\":\"chat.completion\""u8)
            .Raw(isAnthropic ? ""u8 : ",\"system_fingerprint\":\"fp_sandbox\""u8)
            .Raw(",\"choices\":["u8);
        var bytes = 0L;
        for (var choice = 0; choice < call.Request.Choices; choice++)
        {
            json.Raw(choice == 0 ? ""u8 : ","u8)
                .Raw("{\"finish_reason\":\""u8)
                .Raw(call.FinishReason)
                .Raw("\",\"index\":"u8)
                .Int(choice)
                .Raw(",\"message\":{"u8);
            bytes += AppendMessage(json, call);
            if (isAnthropic)
            {
                json.Raw(",\"provider_specific_fields\":{\"citations\":null,\"thinking_blocks\":null}}}"u8);
            }
            else if (isLegacy)
            {
                json.Raw("}}"u8);
            }
            else
            {
                json.Raw(call.UsesTools ? ",\"refusal\":null}"u8 : ",\"annotations\":[],\"refusal\":null}"u8)
                    .Raw(",\"provider_specific_fields\":{},\"logprobs\":null}"u8);
            }
        }
        json.Raw("]"u8);
        if (TellsUsage(call))
        {
            UsageJson.Append(json.Raw(",\"usage\":"u8), call, usage, cost: 0);
        }
        json.Raw(isAnthropic ? "}"u8 : ",\"service_tier\":\"default\"}"u8);
        return bytes;
    }

    private static long AppendMessage(Utf8Builder json, InferenceCall call)
    {
        if (call.UsesTools)
        {
            json.Raw("\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"arguments\":\""u8);
            var arguments = AppendPieces(json, call, PieceKind.ToolCall);
            json.Raw("\",\"name\":"u8).String(call.ToolName).Raw("},\"id\":\"call_sandbox_1\",\"type\":\"function\"}],\"content\":null"u8);
            return arguments;
        }
        json.Raw("\"content\":\""u8);
        var bytes = AppendPieces(json, call, PieceKind.Text);
        json.Raw("\",\"role\":\"assistant\""u8);
        if (ReferenceEquals(call.Script, AnswerScript.Reasoned))
        {
            json.Raw(",\"reasoning_content\":\""u8);
            bytes += AppendPieces(json, call, PieceKind.Reasoning);
            json.Raw("\""u8);
        }
        return bytes;
    }

    private static long AppendMessages(Utf8Builder json, InferenceCall call, in SandboxUsage usage)
    {
        json.Raw("{\"id\":\""u8)
            .Text(call.RequestId)
            .Raw("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":"u8)
            .Raw(call.Deployment.NameJson)
            .Raw(",\"content\":["u8);
        var bytes = 0L;
        if (call.UsesTools)
        {
            json.Raw("{\"type\":\"tool_use\",\"id\":\"toolu_sandbox_1\",\"name\":"u8).String(call.ToolName).Raw(",\"input\":"u8);
            bytes += AppendInput(json, call);
            json.Raw("}"u8);
        }
        else if (call.Pieces > 0)
        {
            if (ReferenceEquals(call.Script, AnswerScript.Reasoned))
            {
                json.Raw("{\"type\":\"thinking\",\"thinking\":\""u8);
                bytes += AppendPieces(json, call, PieceKind.Reasoning);
                json.Raw("\",\"signature\":\"c2FuZGJveA==\"},"u8);
            }
            json.Raw("{\"type\":\"text\",\"text\":\""u8);
            bytes += AppendPieces(json, call, PieceKind.Text);
            json.Raw("\"}"u8);
        }
        json.Raw("],\"stop_reason\":\""u8).Raw(AnthropicForm.StopReason(call)).Raw("\",\"stop_sequence\":null"u8);
        if (TellsUsage(call))
        {
            json.Raw(",\"usage\":"u8);
            AnthropicForm.AppendUsage(json, call.Scenario.Report == ToldUsage.Zero ? default : usage, withLifetimes: true);
        }
        json.Raw("}"u8);
        return bytes;
    }

    // The arguments as an object; cut by a maximum they are none.
    private static long AppendInput(Utf8Builder json, InferenceCall call)
    {
        using var text = new Utf8Builder();
        var bytes = AppendPieces(text, call, PieceKind.ToolCall);
        json.Raw(call.IsCut ? "{}"u8 : JsonText.Unescape(text.Memory.Span));
        return bytes;
    }

    private static long AppendCompletion(Utf8Builder json, InferenceCall call, in SandboxUsage usage)
    {
        json.Raw("{\"id\":\""u8)
            .Text(call.RequestId)
            .Raw("\",\"object\":\"text_completion\",\"created\":"u8)
            .Int(call.Created)
            .Raw(",\"model\":"u8)
            .Raw(call.Deployment.NameJson)
            .Raw(",\"choices\":["u8);
        var bytes = 0L;
        for (var choice = 0; choice < call.Request.Choices; choice++)
        {
            json.Raw(choice == 0 ? ""u8 : ","u8)
                .Raw("{\"finish_reason\":\""u8)
                .Raw(call.FinishReason)
                .Raw("\",\"index\":"u8)
                .Int(choice)
                .Raw(",\"text\":\""u8);
            bytes += AppendPieces(json, call, PieceKind.Text);
            json.Raw("\",\"logprobs\":null}"u8);
        }
        json.Raw("]"u8);
        if (TellsUsage(call))
        {
            UsageJson.AppendCompletion(json.Raw(",\"usage\":"u8), call, usage);
        }
        json.Raw(",\"system_fingerprint\":null}"u8);
        return bytes;
    }

    private static void AppendEmbeddings(Utf8Builder json, InferenceCall call, in SandboxUsage usage)
    {
        json.Raw("{\"model\":"u8).Raw(call.Deployment.NameJson).Raw(",\"data\":["u8);
        var dimensions = Math.Min(call.Request.Dimensions ?? DefaultDimensions, MostDimensions);
        for (var i = 0; i < call.Request.InputSeeds.Count && call.Scenario.Fault != Fault.Empty; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8).Raw("{\"embedding\":"u8);
            AppendVector(json, call.Request.InputSeeds[i], dimensions, call.Request.Base64);
            json.Raw(",\"index\":"u8).Int(i).Raw(",\"object\":\"embedding\"}"u8);
        }
        json.Raw("],\"object\":\"list\""u8);
        if (TellsUsage(call))
        {
            UsageJson.AppendEmbeddings(json.Raw(",\"usage\":"u8), call.Scenario.Report == ToldUsage.Zero ? default : usage);
        }
        json.Raw("}"u8);
    }

    private static bool TellsUsage(InferenceCall call) => call.Scenario.Report != ToldUsage.None && call.Scenario.Fault != Fault.Empty;

    private static long AppendPieces(Utf8Builder json, InferenceCall call, PieceKind kind)
    {
        var bytes = 0L;
        for (var i = 0; i < call.Pieces; i++)
        {
            var piece = call.PieceAt(i);
            if (piece.Kind == kind)
            {
                json.Raw(piece.Json(call.IsLast(i)));
                bytes += piece.Bytes(call.IsLast(i));
            }
        }
        return bytes;
    }

    // Each number is a multiple of 1/128 between -1 and 1: exact as a float, short as text.
    private static void AppendVector(Utf8Builder json, uint seed, int dimensions, bool base64)
    {
        var floats = new byte[dimensions * sizeof(float)];
        json.Raw(base64 ? "\""u8 : "["u8);
        for (var i = 0; i < dimensions; i++)
        {
            seed = (seed * 1664525) + 1013904223;
            var value = (int)(seed >> 24) - 128;
            BinaryPrimitives.WriteSingleLittleEndian(floats.AsSpan(i * sizeof(float)), value / 128f);
            if (!base64)
            {
                json.Raw(i == 0 ? ""u8 : ","u8).Text(JsonText.PythonFloat(value / 128d));
            }
        }
        json.Raw(base64 ? [] : "]"u8);
        if (base64)
        {
            json.Text(Convert.ToBase64String(floats)).Raw("\""u8);
        }
    }
}
