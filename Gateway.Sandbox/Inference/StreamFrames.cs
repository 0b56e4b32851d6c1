using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>
/// Makes the events of one stream. What is the same in all of them is put together once, so that an event is three copies into a buffer.
/// </summary>
internal sealed class StreamFrames : IStreamFrames
{
    private readonly InferenceCall _call;
    private readonly bool _isLegacy;
    private readonly bool _isChat;
    private byte[] _head = [];

    public StreamFrames(InferenceCall call, LiteLlmBehaviour behaviour)
    {
        _call = call;
        _isLegacy = behaviour == LiteLlmBehaviour.Legacy;
        _isChat = call.Api == InferenceApi.Chat;
        _head = Head();
    }

    private bool IsAnthropic => _call.Deployment.IsAnthropic;

    /// <summary>Whether the role comes with the first text rather than in a chunk of its own.</summary>
    public bool RoleGoesWithText => _isChat && (_isLegacy || IsAnthropic);

    public bool HasRoleChunk => _isChat && !RoleGoesWithText;

    private ReadOnlySpan<byte> Tail => _isChat && !IsAnthropic ? ",\"service_tier\":\"default\"}\n\n"u8 : "}\n\n"u8;

    // 1.81 drops the service tier from what it makes itself: the finish and the usage.
    private ReadOnlySpan<byte> OwnTail => _isLegacy ? "}\n\n"u8 : Tail;

    public void AppendRole(Utf8Builder frame)
    {
        Begin(frame, 0);
        frame
            .Raw(_call.UsesTools ? ",\"delta\":{\"role\":\"assistant\"}}]"u8 : ",\"delta\":{\"content\":\"\",\"role\":\"assistant\"}}]"u8)
            .Raw(Tail);
    }

    /// <summary>One piece of one choice.</summary>
    /// <param name="frame">Where to append.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="index">The piece.</param>
    /// <param name="soFar">Usage to put on this chunk too, or null.</param>
    public void AppendPiece(Utf8Builder frame, int choice, int index, SandboxUsage? soFar)
    {
        var piece = _call.PieceAt(index);
        var text = piece.Json(_call.IsLast(index));
        var withRole = RoleGoesWithText && index == 0 && choice == 0;
        Begin(frame, choice);
        if (!_isChat)
        {
            frame.Raw(",\"text\":\""u8).Raw(text).Raw("\"}]"u8);
        }
        else if (piece.Kind == PieceKind.ToolCall)
        {
            AppendToolPiece(frame, text, index, withRole);
        }
        else
        {
            frame
                .Raw(withRole && IsAnthropic ? ",\"delta\":{\"role\":\"assistant\","u8 : ",\"delta\":{"u8)
                .Raw(piece.Kind == PieceKind.Reasoning ? "\"reasoning_content\":\""u8 : "\"content\":\""u8)
                .Raw(text)
                .Raw(withRole && !IsAnthropic ? "\",\"role\":\"assistant\"}}]"u8 : "\"}}]"u8);
        }
        if (soFar is { } usage)
        {
            UsageJson.Append(frame.Raw(",\"usage\":"u8), _call, usage, cost: 0);
        }
        frame.Raw(Tail);
    }

    public bool AlwaysTellsUsage => false;

    public void AppendDone(Utf8Builder frame) => frame.Raw("data: [DONE]\n\n"u8);

    public bool AppendError(Utf8Builder frame, in LiteLlmError error)
    {
        error.AppendFrame(frame);
        return !_isLegacy;
    }

    public void AppendFinish(Utf8Builder frame) => AppendFinish(frame, _call.FinishReason);

    public void AppendFinish(Utf8Builder frame, ReadOnlySpan<byte> reason)
    {
        if (IsAnthropic && _isChat)
        {
            Begin(frame, 0);
            frame.Raw(",\"delta\":{},\"finish_reason\":\""u8).Raw(reason).Raw("\"}]}\n\n"u8);
            return;
        }
        BeginChunk(frame);
        frame
            .Raw("\"choices\":[{\"finish_reason\":\""u8)
            .Raw(reason)
            .Raw(_isChat ? "\",\"index\":0,\"delta\":{}}]"u8 : "\",\"index\":0}]"u8)
            .Raw(OwnTail);
    }

    public void AppendUsage(Utf8Builder frame, in SandboxUsage usage, double cost)
    {
        if (_isChat && IsAnthropic && !_isLegacy)
        {
            AppendOwnHead(frame); // the one chunk of an Anthropic stream in this order
        }
        else
        {
            BeginChunk(frame);
        }
        frame.Raw(
            (_isLegacy, _isChat) switch
            {
                (false, _) => "\"choices\":[],\"usage\":"u8,
                (true, true) => "\"choices\":[{\"index\":0,\"delta\":{}}],\"usage\":"u8,
                _ => "\"choices\":[{\"index\":0}],\"usage\":"u8,
            }
        );
        if (_isLegacy && (!_isChat || _call.Scenario.Report == ToldUsage.Estimated || _call.Scenario.Fault == Fault.ProviderDrop))
        {
            UsageJson.AppendBare(frame, usage);
        }
        else
        {
            UsageJson.Append(frame, _call, usage, _isLegacy ? 0 : cost);
        }
        frame.Raw(OwnTail);
    }

    /// <summary>The first of the two chunks of a stream whose provider said nothing: a finish.</summary>
    public void AppendEmptyFinish(Utf8Builder frame)
    {
        if (!_isChat)
        {
            AppendFinish(frame);
            return;
        }
        if (_isLegacy)
        {
            AppendOwnHead(frame);
            frame.Raw("\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"delta\":{}}]}\n\n"u8);
            return;
        }
        frame
            .Raw("data: {\"id\":\""u8)
            .Text(_call.RequestId)
            .Raw("\",\"object\":\"chat.completion.chunk\",\"created\":"u8)
            .Int(_call.Created)
            .Raw(",\"model\":"u8)
            .Raw(_call.Deployment.NameJson)
            .Raw(",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"u8);
    }

    /// <summary>The second: where the usage would be, without any. 1.81 gives it another id.</summary>
    public void AppendEmptyUsage(Utf8Builder frame)
    {
        if (!_isChat)
        {
            BeginChunk(frame);
            frame.Raw(_isLegacy ? "\"choices\":[{\"index\":0}]}\n\n"u8 : "\"choices\":[]}\n\n"u8);
            return;
        }
        if (_isLegacy)
        {
            _call.RenewId();
        }
        AppendOwnHead(frame);
        frame.Raw(_isLegacy ? "\"choices\":[{\"index\":0,\"delta\":{}}]}\n\n"u8 : "\"choices\":[]}\n\n"u8);
    }

    // The order of members in a chunk that LiteLLM makes itself.
    private void AppendOwnHead(Utf8Builder frame) =>
        frame
            .Raw("data: {\"id\":\""u8)
            .Text(_call.RequestId)
            .Raw("\",\"created\":"u8)
            .Int(_call.Created)
            .Raw(",\"model\":"u8)
            .Raw(_call.Deployment.NameJson)
            .Raw(",\"object\":\"chat.completion.chunk\","u8);

    private void AppendToolPiece(Utf8Builder frame, ReadOnlySpan<byte> arguments, int index, bool withRole)
    {
        frame.Raw(",\"delta\":{"u8).Raw(withRole ? "\"role\":\"assistant\","u8 : ""u8).Raw("\"tool_calls\":[{"u8);
        if (index == 0)
        {
            frame.Raw("\"id\":\"call_sandbox_1\",\"function\":{\"arguments\":\"\",\"name\":"u8).String(_call.ToolName);
        }
        else
        {
            frame.Raw("\"function\":{\"arguments\":\""u8).Raw(arguments).Raw("\""u8);
        }
        frame.Raw("},\"type\":\"function\",\"index\":0}]}}]"u8);
    }

    private void Begin(Utf8Builder frame, int choice)
    {
        BeginChunk(frame);
        frame.Raw("\"choices\":[{\"index\":"u8).Int(choice);
    }

    private void BeginChunk(Utf8Builder frame)
    {
        if (_call.Scenario.NullIds)
        {
            _call.RenewId();
            _head = Head();
        }
        frame.Raw(_head);
    }

    private byte[] Head()
    {
        using var head = new Utf8Builder(256);
        head.Raw("data: {\"id\":\""u8).Text(_call.RequestId);
        if (!_isChat)
        {
            head.Raw("\",\"object\":\"text_completion\",\"created\":"u8)
                .Int(_call.Created)
                .Raw(",\"model\":"u8)
                .Raw(_call.Deployment.NameJson);
        }
        else if (IsAnthropic)
        {
            head.Raw("\",\"object\":\"chat.completion.chunk\",\"created\":"u8)
                .Int(_call.Created)
                .Raw(",\"model\":"u8)
                .Raw(_call.Deployment.NameJson);
        }
        else
        {
            head.Raw("\",\"created\":"u8)
                .Int(_call.Created)
                .Raw(",\"model\":"u8)
                .Raw(_call.Deployment.NameJson)
                .Raw(",\"object\":\"chat.completion.chunk\",\"system_fingerprint\":\"fp_sandbox\""u8);
        }
        return head.Raw(","u8).ToArray();
    }
}
