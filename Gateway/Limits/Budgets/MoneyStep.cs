using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Limits.Bound;
using Gateway.Telemetry;

namespace Gateway.Limits.Budgets;

/// <summary>
/// Holds the bound of the call's cost in every budget and the balance, all or none, before anything goes upstream. Where the client set no
/// maximum, one is put in, and
/// when money is short a smaller one that it covers.
/// </summary>
internal sealed partial class MoneyStep(
    BudgetBook book,
    TrafficLock traffic,
    BudgetOptions options,
    BodyOptions bodies,
    GatewayMetrics metrics,
    ILogger<MoneyStep> logger
)
{
    /// <summary>Holds the money.</summary>
    /// <returns>Why the call is refused; null when it is paid for, or needs no money.</returns>
    /// <exception cref="CallerStoreUnavailableException">An account is not in memory, the database is away, and the tier does not fail
    /// open.</exception>
    public async ValueTask<Refusal?> TakeAsync(Reservation reservation)
    {
        var quotas = reservation.Quotas;
        if (reservation.Call.Api.IsFree || !quotas.NeedsMoney(reservation.Call.Model))
        {
            return null;
        }
        var enforces = quotas.EnforcesMoney;
        if (enforces && !traffic.IsHeld)
        {
            return Refusals.StoreUnavailable;
        }
        var refusal = (enforces ? reservation.Bound.Refusal : null) ?? await HoldAsync(reservation);
        if (refusal is not null)
        {
            Log.Refused(logger, reservation.Call.RequestId, refusal.Code);
        }
        else if (enforces)
        {
            PutMaximumIn(reservation);
        }
        return refusal;
    }

    /// <summary>
    /// Holds nothing in every budget, so that a part of a call that has begun already is charged there. A budget that is used up is passed
    /// over: the part cannot be taken back.
    /// </summary>
    /// <exception cref="CallerStoreUnavailableException">An account is not in memory, and the database is away.</exception>
    public async ValueTask TakePartAsync(Reservation reservation)
    {
        if (reservation.Quotas.NeedsMoney(reservation.Call.Model))
        {
            await HoldAsync(reservation);
        }
    }

    private async ValueTask<Refusal?> HoldAsync(Reservation reservation)
    {
        reservation.Call.AdmittedAt = NotBeforeBudgets(reservation);
        var (lines, passedOver) = await LinesAsync(reservation);
        if (
            MoneyHold.TryTake(lines, reservation.Bound.Cost, out var hold, out var shortage)
            || TryClamp(reservation, lines, shortage.LeastLeft, out hold)
        )
        {
            hold!.PassedOver = passedOver;
            reservation.Hold = hold;
            return null;
        }
        return MoneyRefusals.Exceeded(shortage, reservation.Bound, CanClamp(reservation), reservation.Call.Api.BodyForm.MaximumName);
    }

    private bool CanClamp(Reservation reservation) => options.ClampOutput && reservation.Bound.CanShrink;

    // A call cannot have come before the budgets that hold for it were made: a clock that says so was set back meanwhile. Booked at its
    // time the call would count in the
    // budget here and not by the ledger's rows, which tell a budget's calls by their time.
    private static DateTime NotBeforeBudgets(Reservation reservation)
    {
        var admitted = reservation.Call.AdmittedAt;
        foreach (var budget in reservation.Quotas.Budgets)
        {
            admitted = budget.CreatedAt > admitted ? budget.CreatedAt : admitted;
        }
        return admitted;
    }

    private bool TryClamp(Reservation reservation, HoldLine[] lines, Money available, out MoneyHold? hold)
    {
        hold = null;
        if (!CanClamp(reservation) || reservation.Bound.MaxOutputPerChoiceWithin(available) is not { } maximum)
        {
            return false;
        }
        var clamped = reservation.Bound.WithMaxOutputPerChoice(maximum);
        if (!MoneyHold.TryTake(lines, clamped.Cost, out hold, out _))
        {
            return false; // somebody else took what was left
        }
        metrics.Clamped(reservation.Call.Model.Name);
        Log.Clamped(logger, reservation.Call.RequestId, maximum);
        reservation.Bound = clamped;
        return true;
    }

    // Accounts that cannot be read are passed over when the tier says that calls pass then. What is in memory is held as always.
    private async ValueTask<(HoldLine[] Lines, IReadOnlyList<BudgetCharge> PassedOver)> LinesAsync(Reservation reservation)
    {
        var quotas = reservation.Quotas;
        var userId = reservation.Call.Caller.User.Id;
        var endUser = reservation.Call.Labels.EndUser;
        var lines = new HoldLine[quotas.Budgets.Count + (quotas.IsPrepaid ? 1 : 0)];
        var count = 0;
        List<BudgetCharge>? passedOver = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var budget = i < quotas.Budgets.Count ? quotas.Budgets[i] : null;
            try
            {
                var pending = budget is null
                    ? book.BalanceAsync(userId)
                    : book.LineAsync(budget, userId, reservation.Call.AdmittedAt, endUser);
                lines[count] = pending.IsCompletedSuccessfully ? pending.Result : await pending;
                count++;
            }
            catch (CallerStoreUnavailableException) when (quotas.Tier?.FailOpen == true)
            {
                if (budget is { IsDefault: false }) // what is spent of that is told from the ledger's sums
                {
                    (passedOver ??= []).Add(BudgetBook.ChargeOf(budget, userId, reservation.Call.AdmittedAt, endUser));
                }
            }
        }
        return (count == lines.Length ? lines : lines[..count], passedOver ?? (IReadOnlyList<BudgetCharge>)[]);
    }

    private void PutMaximumIn(Reservation reservation)
    {
        var call = reservation.Call;
        if (!call.Body.Members.HasToolCallLimit && call.Body.Members.ContentRef.HasSearchTool)
        {
            call.Body.Edit(ToolLimitEdit.Create(call.Body.Members, bodies.DefaultMaxToolCalls));
        }
        if (reservation.Bound.PutsMaximumIn)
        {
            reservation.PutInMaximum = reservation.Bound.MaxOutputPerChoice; // by which name, each upstream says
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is refused for money: {Code}.")]
        public static partial void Refused(ILogger logger, string requestId, string code);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is clamped to {Maximum} answer tokens per choice.")]
        public static partial void Clamped(ILogger logger, string requestId, long maximum);
    }
}
