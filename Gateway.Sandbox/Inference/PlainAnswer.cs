using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>Writes one answer in one piece.</summary>
internal static class PlainAnswer
{
    /// <exception cref="AnswerCutException">The scenario ends the connection inside the body.</exception>
    public static async Task WriteAsync(InferenceCall call, AnswerContext context)
    {
        var usage = call.Scenario.Fault == Fault.Empty ? default : call.WholeUsage();
        var cost = context.CostOf(
            call,
            call.Request.Background || call.Scenario.Report is ToldUsage.Zero or ToldUsage.None ? default : usage
        );
        using var body = new Utf8Builder(2048);
        var bytes = PlainBody.Append(body, call, usage, context.Behaviour);
        context.Headers.AddPlain(call.Http.Response.Headers, call, cost);

        // LiteLLM reads a plain answer to its end, and is charged for it, also when nobody waits for it any more.
        if (call.Http.RequestAborted.IsCancellationRequested)
        {
            context.Close(call, SandboxOutcome.ClientLeft, usage, reported: false);
            return;
        }
        switch (call.Scenario.Fault)
        {
            case Fault.DropMidBody or Fault.DropMidStream or Fault.ResetMidStream:
                context.Close(call, SandboxOutcome.Faulted, usage, reported: false, bytes: bytes / 2);
                await WriteHalfAsync(call.Http, body.Memory);
                CutOrReset(call);
                return;
            case Fault.MalformedJson:
                context.Close(call, SandboxOutcome.Faulted, usage, reported: false, bytes: bytes / 2);
                await Answer.WriteAsync(call.Http, 200, body.Memory[..(body.Length / 2)]);
                return;
            default:
                context.Close(call, SandboxOutcome.Complete, usage, Reports(call), bytes: bytes);
                await Answer.WriteAsync(call.Http, 200, body.Memory);
                return;
        }
    }

    private static bool Reports(InferenceCall call) =>
        call.Scenario.Report is not (ToldUsage.None or ToldUsage.Zero) && call.Scenario.Fault != Fault.Empty;

    private static async Task WriteHalfAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        http.Response.ContentType = Answer.Json;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body[..(body.Length / 2)], CancellationToken.None);
    }

    private static void CutOrReset(InferenceCall call)
    {
        if (call.Scenario.Fault != Fault.ResetMidStream)
        {
            throw new AnswerCutException();
        }
        call.Http.Abort();
    }
}
