using System.Net.WebSockets;
using Gateway.Calls;

namespace Gateway.Realtime;

/// <summary>
/// Passes the events of a session on, both ways, as they come, and ends it: when either side leaves, when the upstream is silent over a
/// response, when its time is over, and when its caller may not go on.
/// </summary>
internal sealed class RealtimeSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly RealtimeDesk _desk;
    private readonly Call _call;
    private readonly RealtimeSocket _client;
    private readonly RealtimeSocket _upstream;
    private readonly RealtimeBook _book;
    private readonly TaskCompletionSource<SessionEnd> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _silence;
    private readonly ITimer _idle;
    private readonly ITimer _whole;
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _isBeta;
    private bool _wasShown;

    public RealtimeSession(RealtimeDesk desk, HttpContext http, Call call, RealtimeSocket client, RealtimeSocket upstream)
    {
        (_desk, _call, _client, _upstream) = (desk, call, client, upstream);
        _book = new RealtimeBook(desk, http, call);
        _isBeta = http.Request.Headers[ProtocolKeyMiddleware.BetaHeader].Contains(ProtocolKeyMiddleware.Beta);
        var (options, time) = (desk.Options, desk.Time);
        _silence = Timer(() => _client.IsSending ? SessionEnd.Slow : SessionEnd.Silent, Timeout.InfiniteTimeSpan);
        _whole = Timer(() => SessionEnd.Refused(TimeOver(options.MaxRealtimeTime)), options.MaxRealtimeTime);
        _idle = time.CreateTimer(_ => EndIdle(), null, options.RealtimeIdleTimeout, Timeout.InfiniteTimeSpan);

        ITimer Timer(Func<SessionEnd> end, TimeSpan due) =>
            time.CreateTimer(_ => _over.TrySetResult(end()), null, due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Runs it to its end. What is left open is charged before it returns, and both sides are told.</summary>
    public async Task<SessionEnd> RunAsync()
    {
        using var stopping = _desk.Stopping.UnsafeRegister(_ => _over.TrySetResult(SessionEnd.Stopping), null);
        var fromClient = FollowAsync(PassOnClientsAsync);
        var fromUpstream = FollowAsync(PassOnUpstreamsAsync);
        var end = await _over.Task;
        // The provider makes nothing more that somebody would have to pay, and who is cut off hears why.
        await Task.WhenAll(
            _upstream.SayGoodbyeAsync(default, WebSocketCloseStatus.NormalClosure),
            _client.SayGoodbyeAsync(end.Refusal is { } refusal ? ErrorEvent.Of(refusal, _call.RequestId) : default, end.Status)
        );
        _upstream.Abort();
        await fromUpstream;
        var gone = SeeOffAsync(fromClient);
        await Task.WhenAny(gone, Task.Delay(Patience)); // what it still sends is not read on for ever
        _client.Abort();
        await gone;
        await _book.CloseAsync(end.Outcome);
        return end;
    }

    public void Dispose()
    {
        _silence.Dispose();
        _idle.Dispose();
        _whole.Dispose();
        _looking.Dispose();
    }

    // A connection that is cut while something is unread may lose what was said last.
    private async Task SeeOffAsync(Task fromClient)
    {
        await fromClient;
        while (await _client.ReceiveAsync(CancellationToken.None) is not (RealtimeArrival.Closed or RealtimeArrival.Broken)) { }
    }

    // A fault of ours ends the session too, and nobody else has it.
    private async Task FollowAsync(Func<Task<SessionEnd>> pass)
    {
        try
        {
            _over.TrySetResult(await pass());
        }
        catch (Exception fault)
        {
            _desk.Failed(_call.RequestId, fault);
            _over.TrySetResult(SessionEnd.Fault);
        }
    }

    private async Task<SessionEnd> PassOnClientsAsync()
    {
        while (true)
        {
            switch (await _client.ReceiveAsync(CancellationToken.None))
            {
                case RealtimeArrival.Text:
                    break;
                case RealtimeArrival.Binary:
                    await TellAsync(Refusals.InvalidEvent("it is no text"));
                    continue;
                case RealtimeArrival.TooLarge:
                    return new SessionEnd(
                        Outcomes.Ok,
                        Refusals.EventTooLarge(_desk.Answers.MaxEventBytes),
                        WebSocketCloseStatus.MessageTooBig
                    );
                case RealtimeArrival.Closed when !_book.IsAnswering:
                    return SessionEnd.InOrder;
                default:
                    return SessionEnd.ByClient;
            }
            if (_over.Task.IsCompleted)
            {
                continue; // read only to see it close
            }
            Rearm();
            if (_book.Holds)
            {
                await Task.WhenAny(_quiet.Task, _over.Task); // until the provider begins nothing by itself
            }
            if (await SendOnAsync(_client.Message) is { } end)
            {
                return end;
            }
        }
    }

    // Before anything of the client's goes on, the provider is told to begin no response by itself, and it has to say that it does not.
    private async ValueTask KeepQuietAsync(ServerEvent told)
    {
        if (!_book.Holds || _wasShown || told.Kind != ServerEventKind.Session)
        {
            return;
        }
        _wasShown = true;
        Watch();
        await _upstream.SendAsync(HeldRules.Quiet(_isBeta));
    }

    // Whether it is what the provider says of that, of which the client does not hear; and the end, when it says something else.
    private bool IsOfQuiet(in ServerEvent told, out SessionEnd? end)
    {
        end = null;
        if (told is { Kind: ServerEventKind.Refuses, Id: HeldRules.QuietId })
        {
            end = SessionEnd.Garbage;
            return true;
        }
        if (!_wasShown || told.Kind != ServerEventKind.Session)
        {
            return false;
        }
        if (!HeldRules.IsQuiet(_upstream.Message.Span.Slice(told.Session.Offset, told.Session.Length)))
        {
            end = SessionEnd.Garbage;
            return true;
        }
        return _quiet.TrySetResult();
    }

    private async ValueTask<SessionEnd?> SendOnAsync(ReadOnlyMemory<byte> message)
    {
        if (!ClientEvent.TryRead(message.Span, out var said, out var fault))
        {
            await TellAsync(Refusals.InvalidEvent(fault!));
            return null;
        }
        if (!_book.IsAnswering && await LookAsync() is { } barred)
        {
            return SessionEnd.Refused(barred);
        }
        if (_book.Holds && HeldRules.Check(said.Type, message) is { } rule)
        {
            await TellAsync(rule);
            return null;
        }
        if (said.IsUpdate)
        {
            message = SessionUpdate.Read(message, _call, _book.Caller, _desk.Policy, out var transcriber, out var refusal);
            if (refusal is not null)
            {
                await TellAsync(refusal);
                return null;
            }
            if (transcriber is not null)
            {
                _book.Transcribes(transcriber);
            }
        }
        _book.Said(said, message.Length);
        if (said.AsksForResponse)
        {
            if (_book.Holds)
            {
                var id = said.Id ?? "event_" + Guid.CreateVersion7().ToString("N");
                message = said.Id is null ? HeldRules.WithId(message, id) : message;
                if (await _book.HoldAsync(id) is { } shortage)
                {
                    return await RefuseAsync(shortage);
                }
            }
            Watch();
        }
        return await _upstream.SendAsync(message) ? null : SessionEnd.Cut;
    }

    private async Task<SessionEnd> PassOnUpstreamsAsync()
    {
        while (true)
        {
            switch (await _upstream.ReceiveAsync(CancellationToken.None))
            {
                case RealtimeArrival.Text:
                    break;
                case RealtimeArrival.Binary or RealtimeArrival.TooLarge:
                    return SessionEnd.Garbage;
                case RealtimeArrival.Closed when _upstream.IsClosedInOrder && !_book.IsAnswering:
                    return SessionEnd.InOrder;
                default:
                    return SessionEnd.Cut;
            }
            if (!ServerEvent.TryRead(_upstream.Message.Span, out var told))
            {
                return SessionEnd.Garbage;
            }
            if (_book.Holds && IsOfQuiet(told, out var loud))
            {
                if (loud is not null)
                {
                    return loud;
                }
                Heard();
                continue;
            }
            var isBetween = await _book.TakeAsync(told, _upstream.Message);
            if (_book.HasUnasked)
            {
                return SessionEnd.Garbage;
            }
            if (!await _client.SendAsync(_upstream.Message))
            {
                return SessionEnd.ByClient;
            }
            Heard();
            await KeepQuietAsync(told);
            if (isBetween && await LookAsync() is { } barred)
            {
                return SessionEnd.Refused(barred);
            }
        }
    }

    // The money is used up: the session ends, unless something is being made that is paid for.
    private async ValueTask<SessionEnd?> RefuseAsync(Refusal refusal)
    {
        if (!_book.IsAnswering)
        {
            return SessionEnd.Refused(refusal);
        }
        await TellAsync(refusal);
        return null;
    }

    private ValueTask<bool> TellAsync(Refusal refusal) => _client.SendAsync(ErrorEvent.Of(refusal, _call.RequestId));

    private async ValueTask<Refusal?> LookAsync()
    {
        await _looking.WaitAsync();
        try
        {
            return await _book.LookAsync();
        }
        finally
        {
            _looking.Release();
        }
    }

    // The upstream has said something: it is watched only while it is at work.
    private void Heard()
    {
        if (_book.IsAnswering)
        {
            Watch();
        }
        else
        {
            _silence.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        Rearm();
    }

    // An upstream that is at work is watched by its silence alone.
    private void EndIdle()
    {
        if (_book.IsAnswering)
        {
            Rearm();
        }
        else
        {
            _over.TrySetResult(SessionEnd.Refused(IdleOver(_desk.Options.RealtimeIdleTimeout)));
        }
    }

    private void Watch() => _silence.Change(_desk.Answers.UpstreamIdleTimeout, Timeout.InfiniteTimeSpan);

    private void Rearm() => _idle.Change(_desk.Options.RealtimeIdleTimeout, Timeout.InfiniteTimeSpan);

    private static Refusal IdleOver(TimeSpan longest) =>
        Refusals.SessionOver("was idle for its longest time", "REALTIME_IDLE_SECONDS", (long)longest.TotalSeconds);

    private static Refusal TimeOver(TimeSpan longest) =>
        Refusals.SessionOver("has reached its longest time", "MAX_REALTIME_SECONDS", (long)longest.TotalSeconds);
}
