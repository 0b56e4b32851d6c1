using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>Writes one stream, event by event, and keeps count of what left.</summary>
internal sealed class StreamedAnswer(InferenceCall call, AnswerContext context) : IDisposable
{
    // A scripted break comes after the role and three pieces, as in the recordings.
    private const int PiecesBeforeFault = 3;

    private readonly IStreamFrames _frames = FramesOf(call, context.Behaviour);
    private readonly FrameWriter _events = new(call.Http, call.Scenario);
    private int _pieces;
    private int _reasoningPieces;
    private int _chunks;
    private long _bytes;

    private Scenario Scenario => call.Scenario;

    private bool IsOver => call.Http.RequestAborted.IsCancellationRequested || context.Stopping.IsCancellationRequested;

    private bool ReportsUsage => (_frames.AlwaysTellsUsage || call.Request.IncludeUsage) && Scenario.Report is not ToldUsage.None;

    private bool BreaksInside =>
        Scenario.Fault
            is Fault.DropMidBody
                or Fault.DropMidStream
                or Fault.ResetMidStream
                or Fault.ErrorEvent
                or Fault.ProviderDrop
                or Fault.Stall;

    /// <exception cref="AnswerCutException">The scenario ends the connection here.</exception>
    public async Task RunAsync()
    {
        context.Headers.AddStreamed(call.Http.Response.Headers, call);
        if (Scenario.Fault == Fault.Empty)
        {
            await WriteNothingAsync();
            return;
        }
        if (Scenario.Comments)
        {
            await CommentAsync();
        }
        if (_frames.HasRoleChunk)
        {
            _frames.AppendRole(_events.Frame);
            await SendChunkAsync();
        }
        if (await WritePiecesAsync() && await WriteBreakAsync(atEnd: true))
        {
            await WriteEndAsync();
        }
    }

    public void Dispose() => _events.Dispose();

    private static IStreamFrames FramesOf(InferenceCall call, LiteLlmBehaviour behaviour) =>
        call.Api switch
        {
            InferenceApi.Messages => new MessageFrames(call),
            InferenceApi.Responses => new ResponseFrames(call),
            >= InferenceApi.Moderations => new PieceFrames(call),
            _ => new StreamFrames(call, behaviour),
        };

    // False when the stream is over, one way or another.
    private async Task<bool> WritePiecesAsync()
    {
        var choices = call.Request.Choices;
        for (var i = 0; i < call.Pieces; i++)
        {
            if (i == PiecesBeforeFault && !await WriteBreakAsync(atEnd: false))
            {
                return false;
            }
            for (var choice = 0; choice < choices; choice++)
            {
                if (Scenario.ChunkDelay > TimeSpan.Zero)
                {
                    await context.WaitAsync(Scenario.ChunkDelay, call.Http.RequestAborted);
                }
                if (IsOver)
                {
                    CloseLeft();
                    return false;
                }
                await SendPieceAsync(choice, i);
            }
        }
        return true;
    }

    private async Task SendPieceAsync(int choice, int index)
    {
        var piece = call.PieceAt(index);
        var reasoning = piece.Kind == PieceKind.Reasoning ? 1 : 0;
        SandboxUsage? soFar = Scenario.Report == ToldUsage.OnEveryChunk ? call.UsageOf(_pieces + 1, _reasoningPieces + reasoning) : null;
        _frames.AppendPiece(_events.Frame, choice, index, soFar);
        await SendChunkAsync();
        _pieces++;
        _reasoningPieces += reasoning;
        _bytes += piece.Bytes(call.IsLast(index));
        if (Scenario.Comments)
        {
            await CommentAsync();
        }
    }

    // True when the stream goes on.
    private async Task<bool> WriteBreakAsync(bool atEnd)
    {
        if (Scenario.Fault == Fault.MalformedJson && atEnd == call.Pieces <= PiecesBeforeFault)
        {
            _events.Frame.Raw("data: {\"id\":\"chatcmpl-sandbox\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"bro\n\n"u8);
            await SendChunkAsync();
            return true;
        }
        if (!BreaksInside)
        {
            return true;
        }
        switch (Scenario.Fault)
        {
            case Fault.Stall:
                await context.WaitAsync(Timeout.InfiniteTimeSpan, call.Http.RequestAborted);
                CloseLeft();
                return false;
            case Fault.ProviderDrop when context.IsLegacy:
                await WriteSilentTruncationAsync();
                return false;
            case Fault.ProviderDrop:
                await WriteErrorAsync(context.Errors.ConnectionClosedInStream(call.Deployment.Model.Name));
                return false;
            case Fault.ErrorEvent:
                await WriteErrorAsync(context.Errors.InStream(Scenario.Status, call.Deployment.Model.Name));
                return false;
            case Fault.ResetMidStream:
                CloseFaulted();
                call.Http.Abort();
                return false;
            case Fault.DropMidBody:
                _frames.AppendPiece(_events.Frame, 0, 0, null);
                await _events.SendHalfAsync();
                break;
        }
        CloseFaulted();
        throw new AnswerCutException();
    }

    private async Task WriteErrorAsync(LiteLlmError error)
    {
        var isDone = _frames.AppendError(_events.Frame, error);
        _chunks++;
        CloseFaulted();
        await _events.SendAsync();
        if (isDone)
        {
            await SendDoneAsync();
        }
        await _events.EndAsync();
    }

    // 1.81 takes a provider's closed connection for the end: finish_reason stop, and a usage of its own count.
    private async Task WriteSilentTruncationAsync()
    {
        _frames.AppendFinish(_events.Frame, "stop"u8);
        await SendChunkAsync();
        var usage = call.UsageOf(_pieces, _reasoningPieces);
        if (ReportsUsage)
        {
            _frames.AppendUsage(_events.Frame, usage, 0);
            await SendChunkAsync();
        }
        CloseFaulted();
        await SendDoneAsync();
        await _events.EndAsync();
    }

    private async Task WriteEndAsync()
    {
        if (IsOver)
        {
            CloseLeft();
            return;
        }
        _frames.AppendFinish(_events.Frame);
        await SendChunkAsync();
        var usage = call.WholeUsage();
        var usageOnChunks = Scenario.Report == ToldUsage.OnEveryChunk;
        if (ReportsUsage)
        {
            _frames.AppendUsage(_events.Frame, usage, context.CostOf(call, usage).Total);
            _chunks++;
        }
        var reported = Scenario.Report != ToldUsage.Zero && (ReportsUsage || usageOnChunks);
        context.Close(call, SandboxOutcome.Complete, usage, reported, _chunks, _bytes);
        if (ReportsUsage)
        {
            await _events.SendAsync();
        }
        if (!Scenario.NoDone)
        {
            await SendDoneAsync();
        }
        await _events.EndAsync();
    }

    private async Task WriteNothingAsync()
    {
        _frames.AppendEmptyFinish(_events.Frame);
        await SendChunkAsync();
        if (_frames.AlwaysTellsUsage || call.Request.IncludeUsage)
        {
            _frames.AppendEmptyUsage(_events.Frame);
            await SendChunkAsync();
        }
        context.Close(call, SandboxOutcome.Complete, default, reported: false, _chunks);
        await SendDoneAsync();
        await _events.EndAsync();
    }

    private async Task SendChunkAsync()
    {
        await _events.SendAsync();
        _chunks++;
    }

    private ValueTask SendDoneAsync()
    {
        _frames.AppendDone(_events.Frame);
        return _events.SendAsync();
    }

    private ValueTask CommentAsync()
    {
        _events.Frame.Raw(": ping\n\n"u8);
        return _events.SendAsync();
    }

    private void CloseFaulted() =>
        context.Close(call, SandboxOutcome.Faulted, call.UsageOf(_pieces, _reasoningPieces), reported: false, _chunks, _bytes);

    // 1.109 cancels the provider at once; 1.81 lets it run, and is charged, to the end.
    private void CloseLeft()
    {
        var runsOn = context.IsLegacy && !Scenario.Endless && Scenario.Fault == Fault.None;
        var usage = runsOn ? call.WholeUsage() : call.UsageOf(_pieces, _reasoningPieces);
        context.Close(call, SandboxOutcome.ClientLeft, usage, reported: false, _chunks, _bytes);
    }
}
