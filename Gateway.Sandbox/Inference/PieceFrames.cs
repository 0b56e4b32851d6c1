using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The events of streams of transcripts, sound and pictures, as OpenAI sends them; the last one has the usage.</summary>
internal sealed class PieceFrames(InferenceCall call) : IStreamFrames
{
    private bool _isDone;

    public bool HasRoleChunk => false;

    public bool AlwaysTellsUsage => true;

    private string Kind =>
        call.Api switch
        {
            InferenceApi.Speech => "speech.audio",
            InferenceApi.Images => "image_generation",
            InferenceApi.ImageEdits or InferenceApi.ImageVariations => "image_edit",
            _ => "transcript.text",
        };

    public void AppendRole(Utf8Builder frame) { }

    public void AppendPiece(Utf8Builder frame, int choice, int index, SandboxUsage? soFar)
    {
        switch (call.Api)
        {
            case InferenceApi.Speech:
                Begin(frame, ".delta").Raw(",\"audio\":\""u8).Text(Convert.ToBase64String(SoundAnswer.PieceOf(index))).Raw("\"}\n\n"u8);
                break;
            case InferenceApi.Transcriptions or InferenceApi.Translations:
                Begin(frame, ".delta").Raw(",\"delta\":\""u8).Raw(call.PieceAt(index).Json(call.IsLast(index))).Raw("\"}\n\n"u8);
                break;
            default:
                Begin(frame, ".partial_image").Raw(",\"b64_json\":\"iVBORw0KGgo=\",\"partial_image_index\":"u8).Int(index).Raw("}\n\n"u8);
                break;
        }
    }

    public void AppendFinish(Utf8Builder frame) => frame.Raw(": end\n\n"u8);

    public void AppendFinish(Utf8Builder frame, ReadOnlySpan<byte> reason) => AppendFinish(frame);

    public void AppendUsage(Utf8Builder frame, in SandboxUsage usage, double cost) => Complete(frame, usage);

    public void AppendEmptyFinish(Utf8Builder frame) => AppendFinish(frame);

    public void AppendEmptyUsage(Utf8Builder frame) => frame.Raw(": nothing\n\n"u8);

    public void AppendDone(Utf8Builder frame)
    {
        if (!_isDone && call.Scenario.Fault == Fault.None)
        {
            Complete(frame, null);
        }
        frame.Raw("data: [DONE]\n\n"u8);
    }

    public bool AppendError(Utf8Builder frame, in LiteLlmError error)
    {
        frame.Raw("data: {\"error\":{\"message\":"u8).String(error.Message).Raw(",\"type\":\"server_error\",\"code\":\"500\"}}\n\n"u8);
        return false;
    }

    private Utf8Builder Begin(Utf8Builder frame, string end) => frame.Raw("data: {\"type\":\""u8).Text(Kind + end).Raw("\""u8);

    private void Complete(Utf8Builder frame, SandboxUsage? usage)
    {
        _isDone = true;
        Begin(frame, call.Api.MakesImages() ? ".completed" : ".done");
        if (call.Api.MakesImages())
        {
            frame.Raw(",\"b64_json\":\"iVBORw0KGgo=\""u8);
        }
        else if (call.Api.HearsSound())
        {
            frame.Raw(",\"text\":\""u8);
            ThingsForm.AppendText(frame, call);
            frame.Raw("\""u8);
        }
        if (usage is { } used)
        {
            ThingsForm.AppendUsage(frame.Raw(",\"usage\":"u8), call, used);
        }
        frame.Raw("}\n\n"u8);
    }
}
