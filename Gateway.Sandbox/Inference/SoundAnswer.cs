using Gateway.Sandbox.Scenarios;

namespace Gateway.Sandbox.Inference;

/// <summary>Sound in pieces, as LiteLLM sends it on: no length, no usage.</summary>
internal static class SoundAnswer
{
    private const int Pieces = 8;
    private const int PieceBytes = 2_000;

    /// <exception cref="AnswerCutException">The scenario ends the connection inside the body.</exception>
    public static async Task WriteAsync(InferenceCall call, AnswerContext context)
    {
        var usage = call.Scenario.Fault == Fault.Empty ? default : call.WholeUsage();
        var breaks = call.Scenario.Fault is Fault.DropMidBody or Fault.DropMidStream or Fault.ResetMidStream;
        context.Headers.AddPlain(call.Http.Response.Headers, call, context.CostOf(call, usage));
        call.Http.Response.ContentType = "audio/mpeg";
        for (var i = 0; i < Pieces && call.Scenario.Fault != Fault.Empty; i++)
        {
            if (i == Pieces / 2 && breaks)
            {
                context.Close(call, SandboxOutcome.Faulted, usage, reported: false);
                if (call.Scenario.Fault != Fault.ResetMidStream)
                {
                    throw new AnswerCutException();
                }
                call.Http.Abort();
                return;
            }
            if (call.Scenario.ChunkDelay > TimeSpan.Zero)
            {
                await context.WaitAsync(call.Scenario.ChunkDelay, call.Http.RequestAborted);
            }
            await call.Http.Response.BodyWriter.WriteAsync(PieceOf(i), CancellationToken.None);
        }
        context.Close(call, SandboxOutcome.Complete, usage, reported: false);
    }

    /// <summary>One piece: the head of a frame of MP3, then nothing that means anything.</summary>
    public static byte[] PieceOf(int index)
    {
        var piece = new byte[PieceBytes];
        piece.AsSpan().Fill((byte)index);
        (piece[0], piece[1], piece[2]) = (0xFF, 0xFB, 0x90);
        return piece;
    }
}
