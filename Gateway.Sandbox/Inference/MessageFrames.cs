using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The events of a stream of Anthropic's messages, as LiteLLM passes them on.</summary>
internal sealed class MessageFrames(InferenceCall call) : IStreamFrames
{
    private PieceKind? _open;
    private int _blocks;
    private bool _hasDelta;

    public bool HasRoleChunk => true;

    public bool AlwaysTellsUsage => true;

    public void AppendRole(Utf8Builder frame) =>
        AppendStart(frame, call.Scenario.Report is ToldUsage.None or ToldUsage.Zero ? default : call.WholeUsage(), 1);

    public void AppendPiece(Utf8Builder frame, int choice, int index, SandboxUsage? soFar)
    {
        var piece = call.PieceAt(index);
        if (_open != piece.Kind)
        {
            CloseBlock(frame);
            OpenBlock(frame, piece.Kind);
        }
        Begin(frame, "content_block_delta")
            .Raw(",\"index\":"u8)
            .Int(_blocks - 1)
            .Raw(
                piece.Kind switch
                {
                    PieceKind.ToolCall => ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\""u8,
                    PieceKind.Reasoning => ",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\""u8,
                    _ => ",\"delta\":{\"type\":\"text_delta\",\"text\":\""u8,
                }
            )
            .Raw(piece.Json(call.IsLast(index)))
            .Raw("\"}}\n\n"u8);
    }

    public void AppendFinish(Utf8Builder frame) => CloseBlock(frame);

    public void AppendFinish(Utf8Builder frame, ReadOnlySpan<byte> reason) => CloseBlock(frame);

    public void AppendUsage(Utf8Builder frame, in SandboxUsage usage, double cost) => AppendDelta(frame, usage);

    public void AppendEmptyFinish(Utf8Builder frame) => AppendStart(frame, default, 0);

    public void AppendEmptyUsage(Utf8Builder frame) => AppendDelta(frame, default(SandboxUsage));

    public void AppendDone(Utf8Builder frame)
    {
        if (!_hasDelta)
        {
            AppendDelta(frame, usage: null);
        }
        Begin(frame, "message_stop").Raw("}\n\n"u8);
    }

    public bool AppendError(Utf8Builder frame, in LiteLlmError error)
    {
        frame
            .Raw("event: error\ndata: {\"type\": \"error\", \"error\": {\"type\": \""u8)
            .Text(AnthropicForm.TypeOf(error.Status))
            .Raw("\", \"message\": "u8)
            .String(error.Message)
            .Raw("}}\n\n"u8);
        return false;
    }

    private static Utf8Builder Begin(Utf8Builder frame, string type) =>
        frame.Raw("event: "u8).Text(type).Raw("\ndata: {\"type\":\""u8).Text(type).Raw("\""u8);

    private void AppendStart(Utf8Builder frame, in SandboxUsage usage, int output)
    {
        Begin(frame, "ping").Raw("}\n\n"u8);
        Begin(frame, "message_start")
            .Raw(",\"message\":{\"id\":\""u8)
            .Text(call.RequestId)
            .Raw("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":"u8)
            .Raw(call.Deployment.NameJson)
            .Raw(",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":"u8);
        var told = call.Scenario.Report is ToldUsage.None or ToldUsage.Zero ? 0 : output;
        AnthropicForm.AppendUsage(frame, usage with { CompletionTokens = told }, withLifetimes: true);
        frame.Raw("}}\n\n"u8);
    }

    private void OpenBlock(Utf8Builder frame, PieceKind kind)
    {
        Begin(frame, "content_block_start").Raw(",\"index\":"u8).Int(_blocks++).Raw(",\"content_block\":"u8);
        if (kind == PieceKind.ToolCall)
        {
            frame.Raw("{\"type\":\"tool_use\",\"id\":\"toolu_sandbox_1\",\"name\":"u8).String(call.ToolName).Raw(",\"input\":{}}"u8);
        }
        else
        {
            frame.Raw(
                kind == PieceKind.Reasoning
                    ? "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"u8
                    : "{\"type\":\"text\",\"text\":\"\"}"u8
            );
        }
        frame.Raw("}\n\n"u8);
        _open = kind;
    }

    private void CloseBlock(Utf8Builder frame)
    {
        if (_open is null)
        {
            return;
        }
        if (_open == PieceKind.Reasoning)
        {
            Begin(frame, "content_block_delta")
                .Raw(",\"index\":"u8)
                .Int(_blocks - 1)
                .Raw(",\"delta\":{\"type\":\"signature_delta\",\"signature\":\"c2FuZGJveA==\"}}\n\n"u8);
        }
        Begin(frame, "content_block_stop").Raw(",\"index\":"u8).Int(_blocks - 1).Raw("}\n\n"u8);
        _open = null;
    }

    private void AppendDelta(Utf8Builder frame, SandboxUsage? usage)
    {
        _hasDelta = true;
        Begin(frame, "message_delta")
            .Raw(",\"delta\":{\"stop_reason\":\""u8)
            .Raw(AnthropicForm.StopReason(call))
            .Raw("\",\"stop_sequence\":null}"u8);
        if (usage is { } told)
        {
            frame.Raw(",\"usage\":"u8);
            AnthropicForm.AppendUsage(frame, call.Scenario.Report == ToldUsage.Zero ? default : told, withLifetimes: false);
        }
        frame.Raw("}\n\n"u8);
    }
}
