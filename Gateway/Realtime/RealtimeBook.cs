using System.Diagnostics;
using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Usage;
using Gateway.Limits;
using Gateway.Limits.Bound;
using Gateway.Telemetry;

namespace Gateway.Realtime;

/// <summary>
/// What is written down of a session: each response, and each transcription of what was said to it, is a call of its own, whose
/// <c>client_request_id</c> is the session's id. Reads the upstream's events; one thread at a time.
/// </summary>
internal sealed class RealtimeBook(RealtimeDesk desk, HttpContext http, Call session)
{
    private const int LongestId = 128;

    private readonly Dictionary<string, RealtimePart> _open = new(StringComparer.Ordinal);
    private readonly List<(string EventId, RealtimePart Part)> _asked = [];
    private readonly Lock _askedLock = new();
    private readonly SessionContext _context = new();
    private Caller _caller = session.Caller;
    private PolicyModel? _transcriber;
    private int _openCount;

    /// <summary>Whether each response is held before the upstream is asked for it: money can refuse it.</summary>
    public bool Holds { get; } = session.Reservation.Quotas.EnforcesMoney && session.Reservation.Quotas.NeedsMoney(session.Model);

    /// <summary>Whether the upstream began a response that nobody asked for, where each is to be held.</summary>
    public bool HasUnasked { get; private set; }

    /// <summary>Whether a response is being made. Any thread may ask.</summary>
    public bool IsAnswering => Volatile.Read(ref _openCount) > 0;

    /// <summary>Who speaks, as of the last look.</summary>
    public Caller Caller => Volatile.Read(ref _caller);

    /// <summary>Notes what the client said.</summary>
    public void Said(in ClientEvent said, int messageBytes)
    {
        if (said.IsContent)
        {
            _context.Add(Math.Max(0, messageBytes - said.SoundBytes), said.SoundBytes);
        }
    }

    /// <summary>The model that writes down what is said, as the client asked for it.</summary>
    public void Transcribes(PolicyModel model) => Volatile.Write(ref _transcriber, model);

    /// <summary>
    /// Whether the session may go on: the key, the model, money and the windows of tokens are looked at as for a new call. What cannot be
    /// read just now is no reason to end it.
    /// </summary>
    /// <returns>Why not; null when it may.</returns>
    public async ValueTask<Refusal?> LookAsync()
    {
        try
        {
            var (caller, refusal) = await desk.Authenticator.AuthenticateAsync(
                http.Request.Headers,
                http.Connection.RemoteIpAddress,
                CancellationToken.None
            );
            if (caller is null)
            {
                return refusal == Refusals.StoreUnavailable ? null : refusal;
            }
            Volatile.Write(ref _caller, caller);
            var (policy, name) = (desk.Policy, session.Body.Members.Model);
            if (ModelResolution.Refuse(policy, caller, name, policy.FindModel(name)) is { } barred)
            {
                return barred;
            }
            var rates = desk.Reservations.Rates;
            var quotas = await rates.ResolveAsync(session, caller, CancellationToken.None);
            return !Holds && quotas.EnforcesMoney && quotas.NeedsMoney(session.Model)
                ? Refusals.BudgetWithinSession
                : await rates.LookAtTokensAsync(quotas, caller.User.Id, CancellationToken.None);
        }
        catch (CallerStoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Holds the most that a response can cost, before the upstream is asked for it.</summary>
    /// <param name="eventId">The event that asks for it.</param>
    /// <returns>Why the upstream may not be asked; null when it may.</returns>
    public async ValueTask<Refusal?> HoldAsync(string eventId)
    {
        var part = NewPart(session.Model, RealtimeBound.OfResponse(session.Model));
        if (await part.Reservation.TakeHeldPartAsync(await QuotasAsync(part.Call)) is { } refusal)
        {
            return refusal;
        }
        desk.Metrics.CallStarted();
        lock (_askedLock)
        {
            _asked.Add((eventId, part));
        }
        return null;
    }

    /// <summary>Takes an event of the upstream's, before the client has it.</summary>
    /// <returns>Whether nothing is being made behind it that was before it.</returns>
    public async ValueTask<bool> TakeAsync(ServerEvent told, ReadOnlyMemory<byte> message)
    {
        switch (told.Kind)
        {
            case ServerEventKind.Session when told.Session.Length > 0:
                NoteTranscriber(message.Span.Slice(told.Session.Offset, told.Session.Length));
                return false;
            case ServerEventKind.Refuses when told.Id is { } refused && TakeAsked(refused) is { } asked:
                await EndAsync(asked, Failed, Outcomes.UpstreamError);
                return false;
            case ServerEventKind.Begins:
                await BeginAsync(told.Id);
                return false;
            case ServerEventKind.Makes:
                Note(told);
                return false;
            case ServerEventKind.Ends:
                await FinishAsync(told, message);
                return !IsAnswering;
            case ServerEventKind.WrittenDown:
                await WriteTranscriptionAsync(told, message);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Ends what is still being made: the session is over.</summary>
    public async Task CloseAsync(string outcome)
    {
        // What was asked for may have begun, though nobody here saw it.
        while (TakeAsked() is { } asked)
        {
            _open[asked.Call.RequestId] = asked;
        }
        foreach (var part in _open.Values)
        {
            // A session that the gateway ended in good order cuts its responses off all the same.
            await EndAsync(part, Estimated(part), outcome == Outcomes.Ok ? Outcomes.ClientLeft : outcome);
        }
        _open.Clear();
        Volatile.Write(ref _openCount, 0);
    }

    private async ValueTask<RealtimePart> BeginAsync(string? id)
    {
        var part = TakeAsked();
        HasUnasked |= Holds && part is null;
        part ??= await OpenAsync(session.Model);
        part.Before = _context.Now;
        // Two of one id: both are charged, the first as far as it came
        if (_open.Remove(KeyOf(id), out var other))
        {
            await EndAsync(other, Estimated(other), Outcomes.UpstreamInvalid);
        }
        _open[KeyOf(id)] = part;
        Volatile.Write(ref _openCount, _open.Count);
        return part;
    }

    private void Note(in ServerEvent told)
    {
        if (!_open.TryGetValue(KeyOf(told.Id), out var part))
        {
            return;
        }
        part.TextBytes += told.IsSound ? 0 : told.MadeBytes;
        part.SoundBytes += told.IsSound ? told.MadeBytes : 0;
        _context.Add(told.IsSound ? 0 : told.MadeBytes, told.IsSound ? told.MadeBytes : 0);
    }

    private async ValueTask FinishAsync(ServerEvent told, ReadOnlyMemory<byte> message)
    {
        if (!_open.ContainsKey(KeyOf(told.Id)))
        {
            await BeginAsync(told.Id); // it never said that it began
        }
        _open.Remove(KeyOf(told.Id), out var part);
        Volatile.Write(ref _openCount, _open.Count);
        var isFailed = told.Status == "failed";
        var answer =
            Read(told, message) is { } usage ? Reported(usage)
            : isFailed && part!.TextBytes + part.SoundBytes == 0 ? Failed
            : Estimated(part!);
        answer = answer with { AnswerId = told.Id is { Length: <= LongestId } id ? id : null, ContentBytes = part!.TextBytes };
        if (answer is { UsageSource: UsageSource.Reported, Usage: { } tokens })
        {
            _context.Told(tokens, part!.Before, part.TextBytes, part.SoundBytes);
        }
        await EndAsync(part!, answer, isFailed ? Outcomes.UpstreamError : Outcomes.Ok);
    }

    private async ValueTask WriteTranscriptionAsync(ServerEvent told, ReadOnlyMemory<byte> message)
    {
        var part = await OpenAsync(Volatile.Read(ref _transcriber) ?? session.Model);
        part.TextBytes = told.MadeBytes;
        var answer = Read(told, message) is { } usage
            ? Reported(usage)
            : Estimated(part) with
            {
                Usage = UsageEstimator.Estimate(0, told.MadeBytes),
            };
        await EndAsync(part, answer with { AnswerId = told.Id is { Length: <= LongestId } id ? id : null }, Outcomes.Ok);
    }

    private void NoteTranscriber(ReadOnlySpan<byte> shown)
    {
        if (SessionUpdate.TranscriberOf(shown) is { } name)
        {
            var upstream = session.Upstream!.Name;
            var known = desk.Policy.Models.FirstOrDefault(m => m.Places.Any(p => p.Upstream.Name == upstream && p.Name == name));
            Volatile.Write(ref _transcriber, known ?? Volatile.Read(ref _transcriber));
        }
    }

    // The one that was asked for first, or by that event.
    private RealtimePart? TakeAsked(string? eventId = null)
    {
        lock (_askedLock)
        {
            var at = eventId is null ? 0 : _asked.FindIndex(a => a.EventId == eventId);
            if (at < 0 || at >= _asked.Count)
            {
                return null;
            }
            var part = _asked[at].Part;
            _asked.RemoveAt(at);
            return part;
        }
    }

    private async ValueTask<RealtimePart> OpenAsync(PolicyModel model)
    {
        var part = NewPart(model, RealtimeBound.OfResponse(model));
        desk.Metrics.CallStarted();
        await part.Reservation.TakePartAsync(await QuotasAsync(part.Call));
        return part;
    }

    private RealtimePart NewPart(PolicyModel model, FixedBound bound)
    {
        var now = desk.Time.GetUtcNow().UtcDateTime;
        var call = new Call(Guid.CreateVersion7().ToString(), session.Api, Caller, now)
        {
            ClientRequestId = session.RequestId,
            Labels = session.Labels,
            Model = model,
            Upstream = session.Upstream,
            Attempts = 1,
            SentTimestamp = Stopwatch.GetTimestamp(),
            FirstByteAt = now,
        };
        call.Add(RealtimeReadingMiddleware.EmptyBody(model.Name));
        call.Add(bound);
        desk.Reservations.Open(call);
        return new RealtimePart(call) { Before = _context.Now };
    }

    private async ValueTask<Limits.Rates.CallQuotas> QuotasAsync(Call call)
    {
        try
        {
            return await desk.Reservations.Rates.ResolveAsync(call, call.Caller, CancellationToken.None);
        }
        catch (CallerStoreUnavailableException)
        {
            return session.Reservation.Quotas;
        }
    }

    private async ValueTask EndAsync(RealtimePart part, MeteredAnswer answer, string outcome)
    {
        await part.Reservation.EndAsync(new CallEnd(answer, outcome, StatusCodes.Status200OK, IsStream: true));
        var summary = new CallSummary(
            part.Call,
            part.Call.Api.Name,
            desk.Tiers.Of(part.Call),
            outcome,
            StatusCodes.Status200OK,
            part.StartTimestamp
        );
        desk.Metrics.CallEnded(summary);
        desk.Log.Write(http, summary, refusal: null);
    }

    private static ReportedUsage? Read(in ServerEvent told, ReadOnlyMemory<byte> message) =>
        told.Usage.Length > 0
        && UsageReader.TryRead(message.Span.Slice(told.Usage.Offset, told.Usage.Length), UsageShape.OpenAi, out var usage)
        && (!usage.IsZero || usage.IsImpossible)
            ? usage
            : null;

    private static MeteredAnswer Failed => new() { Outcome = AnswerOutcome.Failed, UsageSource = UsageSource.None };

    private static MeteredAnswer Reported(in ReportedUsage usage) =>
        new()
        {
            Usage = usage.Tokens,
            UsageSource = UsageSource.Reported,
            IsUsageImpossible = usage.IsImpossible,
            ServiceTier = usage.ServiceTier,
            HasContent = true,
            Outcome = AnswerOutcome.Complete,
        };

    private static MeteredAnswer Estimated(RealtimePart part) =>
        new()
        {
            Usage = part.Before.Estimate(part.TextBytes, part.SoundBytes),
            UsageSource = UsageSource.Estimated,
            ContentBytes = part.TextBytes,
            HasContent = true,
            Outcome = AnswerOutcome.Truncated,
        };

    private static string KeyOf(string? id) => id ?? "";
}
