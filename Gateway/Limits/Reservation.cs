using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core;
using Gateway.Core.Journal;
using Gateway.Core.Pricing;
using Gateway.Limits.Bound;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;

namespace Gateway.Limits;

/// <summary>
/// What a call takes before it goes upstream: its rates, the money of its bound, and its place in the journal. All of it is taken or
/// nothing, and it ends exactly once:
/// who ends the call says how (<see cref="CallEnd"/>), and what follows from that is decided here alone. One thread at a time works on
/// it.
/// </summary>
internal sealed class Reservation(Call call, Reservations desk)
{
    private CallQuotas? _quotas;
    private int _isEnded;

    /// <summary>Whose it is.</summary>
    public Call Call { get; } = call;

    /// <summary>What limits the call.</summary>
    /// <exception cref="InvalidOperationException">Nothing was taken yet.</exception>
    public CallQuotas Quotas
    {
        get => _quotas ?? throw new InvalidOperationException("The call's limits are not known: nothing was taken yet.");
        set => _quotas = value;
    }

    /// <summary>The most that the call can use and cost; a clamp lowers it.</summary>
    public CallBound Bound { get; set; }

    /// <summary>The maximum of answer tokens per choice that goes upstream where the client set none; null: none does.</summary>
    public long? PutInMaximum { get; set; }

    /// <summary>How the call's rates stand, for its headers.</summary>
    public RateStates RateStates { get; set; }

    /// <summary>What it took from the windows; null when it was refused before.</summary>
    public AdmissionLease? Lease { get; set; }

    /// <summary>The money held for it; null when no budget or balance applies.</summary>
    public MoneyHold? Hold { get; set; }

    /// <summary>Its last record in the journal before it is settled; none when the journal had no room.</summary>
    public JournalPosition LastJournalRecord { get; set; }

    /// <summary>Whether the answer was seen to go past the maximum that it was asked for; then an estimate may, too.</summary>
    public bool IsPastMaximum { get; set; }

    /// <summary>
    /// Whether it is a part of another call, which has its rates: a response of a realtime session. It counts tokens, and no request.
    /// </summary>
    public bool IsPart { get; private set; }

    /// <summary>Whether its cost has no bound, so that what it holds is no limit of its charge.</summary>
    public bool HasNoBound { get; private set; }

    /// <summary>Whether the call has ended.</summary>
    public bool IsEnded => Volatile.Read(ref _isEnded) != 0;

    /// <summary>
    /// Takes all that the call needs. Completes at once when that is in memory. When it returns a refusal, everything is given back
    /// already: the client may call again as
    /// soon as it reads the first byte.
    /// </summary>
    /// <returns>Why the call is refused; null when it may go upstream.</returns>
    public async ValueTask<Refusal?> TakeAsync(CancellationToken cancellationToken)
    {
        Refusal? refusal;
        try
        {
            refusal = await desk.Rates.TakeAsync(this, cancellationToken) ?? await desk.Money.TakeAsync(this) ?? desk.Journal.Take(this);
        }
        catch (CallerStoreUnavailableException)
        {
            refusal = Refusals.StoreUnavailable;
        }
        if (refusal is not null)
        {
            await EndAsync(CallEnd.NeverSent);
        }
        else
        {
            desk.InFlight.Add(this);
        }
        return refusal;
    }

    /// <summary>
    /// Writes down that a part of a call has begun: it has begun at the provider already, so that nothing can refuse it. It ends as a call
    /// does.
    /// </summary>
    /// <param name="quotas">What limits it.</param>
    public async ValueTask TakePartAsync(CallQuotas quotas)
    {
        (Quotas, IsPart, HasNoBound, Bound) = (quotas, true, true, CallBound.Of(Call.Part<FixedBound>()));
        try
        {
            await desk.Money.TakePartAsync(this);
        }
        catch (CallerStoreUnavailableException)
        {
            // It is charged all the same; the accounts are read from the ledger.
        }
        desk.Journal.Take(this);
        desk.InFlight.Add(this);
    }

    /// <summary>
    /// Takes the money of a part of a call, and its place in the journal, before the provider is asked for it. When it returns a refusal,
    /// everything is given back already.
    /// </summary>
    /// <param name="quotas">What limits it.</param>
    /// <returns>Why the provider may not be asked; null when it may.</returns>
    public async ValueTask<Refusal?> TakeHeldPartAsync(CallQuotas quotas)
    {
        (Quotas, IsPart, Bound) = (quotas, true, CallBound.Of(Call.Part<FixedBound>()));
        Refusal? refusal;
        try
        {
            refusal = await desk.Money.TakeAsync(this) ?? desk.Journal.Take(this);
        }
        catch (CallerStoreUnavailableException)
        {
            refusal = Refusals.StoreUnavailable;
        }
        if (refusal is not null)
        {
            await EndAsync(CallEnd.NeverSent);
        }
        else
        {
            desk.InFlight.Add(this);
        }
        return refusal;
    }

    /// <summary>Holds more money for a call that goes past what is held.</summary>
    /// <param name="total">What is to be held in all.</param>
    /// <returns>False when the money or the journal does not allow it: then the call may not go on.</returns>
    public bool TryExtend(Money total)
    {
        var more = Money.FromNanoUsd(Saturating.Subtract(total.NanoUsd, Hold!.Amount.NanoUsd));
        return Hold.TryExtend(more) && desk.Journal.TryExtend(this);
    }

    /// <summary>
    /// Ends the call: prices it and writes it down, then settles the money, then the rates; an answer's last bytes leave after this. A
    /// second time does nothing. The
    /// record comes first, so that a reader of the ledger finds the open hold or the record, never neither.
    /// </summary>
    /// <returns>What was charged.</returns>
    public ValueTask<Money> EndAsync(CallEnd end)
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0)
        {
            return ValueTask.FromResult(Money.Zero);
        }
        desk.InFlight.Remove(this);
        if (!end.WasSent)
        {
            desk.Journal.Release(this);
            GiveBack(LeaseEnd.NeverAnswered);
            return ValueTask.FromResult(Money.Zero);
        }
        var result = desk.Settlement.Price(this, end);
        var recorded = desk.Recorder.RecordAsync(result.Record, LastJournalRecord);
        return recorded.IsCompletedSuccessfully ? ValueTask.FromResult(Settle(result)) : SettleWhenRecordedAsync(recorded, result);
    }

    /// <summary>
    /// The backstop, when the call is left: ends a call that nobody ended, and gives back what a failed end left taken. Then its contents
    /// are kept, as far as that is
    /// wanted.
    /// </summary>
    /// <param name="httpStatus">The status of the answer.</param>
    public async ValueTask CloseAsync(int httpStatus)
    {
        try
        {
            if (!IsEnded)
            {
                await EndAsync(
                    Call.Attempts == 0
                        ? CallEnd.NeverSent
                        : CallEnd.Unanswered(Outcomes.UpstreamUnreachable, httpStatus, Call.Body.Members.Stream)
                );
            }
        }
        finally
        {
            GiveBack(LeaseEnd.Unknown);
            desk.Contents.Keep(Call);
        }
    }

    private async ValueTask<Money> SettleWhenRecordedAsync(ValueTask recorded, CallResult result)
    {
        await recorded;
        return Settle(result);
    }

    private Money Settle(CallResult result)
    {
        if (IsPart)
        {
            desk.Rates.Count(this, result.Usage.TotalTokens);
        }
        return desk.Settlement.Settle(this, result);
    }

    // Each of both does nothing when it was settled before.
    private void GiveBack(LeaseEnd end)
    {
        Hold?.Settle(Money.Zero);
        Lease?.Release(end);
    }
}
