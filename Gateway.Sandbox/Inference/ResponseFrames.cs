using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The events of a stream of responses, as LiteLLM sends them: <c>data</c> lines alone, <c>[DONE]</c> at the end.</summary>
internal sealed class ResponseFrames(InferenceCall call) : IStreamFrames
{
    private PieceKind? _open;
    private int _first;
    private int _items;
    private int _sequence;
    private bool _isCompleted;

    public bool HasRoleChunk => true;

    public bool AlwaysTellsUsage => true;

    public void AppendRole(Utf8Builder frame)
    {
        foreach (var type in (string[])["response.created", "response.in_progress"])
        {
            Begin(frame, type).Raw(",\"response\":"u8);
            ResponseForm.Append(frame, call, "in_progress", default, isWhole: false);
            End(frame);
        }
    }

    public void AppendPiece(Utf8Builder frame, int choice, int index, SandboxUsage? soFar)
    {
        var piece = call.PieceAt(index);
        if (_open != piece.Kind)
        {
            CloseItem(frame, index);
            OpenItem(frame, piece.Kind, index);
        }
        Begin(
                frame,
                piece.Kind switch
                {
                    PieceKind.ToolCall => "response.function_call_arguments.delta",
                    PieceKind.Reasoning => "response.reasoning_summary_text.delta",
                    _ => "response.output_text.delta",
                }
            )
            .Raw(",\"item_id\":\""u8)
            .Text(ResponseForm.ItemId(piece.Kind))
            .Raw("\",\"output_index\":"u8)
            .Int(_items - 1)
            .Raw(
                piece.Kind switch
                {
                    PieceKind.ToolCall => ""u8,
                    PieceKind.Reasoning => ",\"summary_index\":0"u8,
                    _ => ",\"content_index\":0,\"logprobs\":[]"u8,
                }
            )
            .Raw(",\"delta\":\""u8)
            .Raw(piece.Json(call.IsLast(index)))
            .Raw("\""u8);
        End(frame);
    }

    public void AppendFinish(Utf8Builder frame) => CloseItem(frame, call.Pieces);

    public void AppendFinish(Utf8Builder frame, ReadOnlySpan<byte> reason) => CloseItem(frame, call.Pieces);

    public void AppendUsage(Utf8Builder frame, in SandboxUsage usage, double cost) => Complete(frame, usage);

    public void AppendEmptyFinish(Utf8Builder frame) => AppendRole(frame);

    public void AppendEmptyUsage(Utf8Builder frame) => Complete(frame, default(SandboxUsage));

    public void AppendDone(Utf8Builder frame)
    {
        if (!_isCompleted)
        {
            Complete(frame, usage: null);
        }
        frame.Raw("data: [DONE]\n\n"u8);
    }

    public bool AppendError(Utf8Builder frame, in LiteLlmError error)
    {
        frame.Raw("event: response.failed\n"u8);
        Begin(frame, "response.failed")
            .Raw(",\"response\":{\"id\":\""u8)
            .Text(call.RequestId)
            .Raw("\",\"object\":\"response\",\"created_at\":"u8)
            .Int(call.Created)
            .Raw(",\"status\":\"failed\",\"output\":[],\"model\":"u8)
            .Raw(call.Deployment.NameJson)
            .Raw(",\"error\":{\"code\":\"server_error\",\"message\":"u8)
            .String(error.Message)
            .Raw("}}"u8);
        End(frame);
        _isCompleted = true;
        return true;
    }

    private static Utf8Builder Begin(Utf8Builder frame, string type) => frame.Raw("data: {\"type\":\""u8).Text(type).Raw("\""u8);

    private void End(Utf8Builder frame) => frame.Raw(",\"sequence_number\":"u8).Int(_sequence++).Raw("}\n\n"u8);

    private void OpenItem(Utf8Builder frame, PieceKind kind, int index)
    {
        (_open, _first) = (kind, index);
        Begin(frame, "response.output_item.added").Raw(",\"output_index\":"u8).Int(_items++).Raw(",\"item\":"u8);
        ResponseForm.AppendItem(frame, call, kind, index, index, "in_progress");
        End(frame);
        if (kind == PieceKind.ToolCall)
        {
            return;
        }
        Begin(frame, kind == PieceKind.Text ? "response.content_part.added" : "response.reasoning_summary_part.added")
            .Raw(",\"item_id\":\""u8)
            .Text(ResponseForm.ItemId(kind))
            .Raw("\",\"output_index\":"u8)
            .Int(_items - 1)
            .Raw(
                kind == PieceKind.Text
                    ? ",\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"\",\"annotations\":[],\"logprobs\":[]}"u8
                    : ",\"summary_index\":0,\"part\":{\"type\":\"summary_text\",\"text\":\"\"}"u8
            );
        End(frame);
    }

    private void CloseItem(Utf8Builder frame, int index)
    {
        if (_open is not { } kind)
        {
            return;
        }
        Begin(
                frame,
                kind switch
                {
                    PieceKind.ToolCall => "response.function_call_arguments.done",
                    PieceKind.Reasoning => "response.reasoning_summary_text.done",
                    _ => "response.output_text.done",
                }
            )
            .Raw(",\"item_id\":\""u8)
            .Text(ResponseForm.ItemId(kind))
            .Raw("\",\"output_index\":"u8)
            .Int(_items - 1)
            .Raw(
                kind switch
                {
                    PieceKind.ToolCall => ",\"arguments\":\""u8,
                    PieceKind.Reasoning => ",\"summary_index\":0,\"text\":\""u8,
                    _ => ",\"content_index\":0,\"logprobs\":[],\"text\":\""u8,
                }
            );
        ResponseForm.AppendText(frame, call, _first, index);
        frame.Raw("\""u8);
        End(frame);
        Begin(frame, "response.output_item.done").Raw(",\"output_index\":"u8).Int(_items - 1).Raw(",\"item\":"u8);
        ResponseForm.AppendItem(frame, call, kind, _first, index, "completed");
        End(frame);
        _open = null;
    }

    private void Complete(Utf8Builder frame, SandboxUsage? usage)
    {
        _isCompleted = true;
        Begin(frame, call.IsCut ? "response.incomplete" : "response.completed").Raw(",\"response\":"u8);
        ResponseForm.Append(frame, call, call.IsCut ? "incomplete" : "completed", usage, isWhole: true);
        End(frame);
    }
}
