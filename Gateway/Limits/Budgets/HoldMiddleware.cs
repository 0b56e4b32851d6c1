using Gateway.Limits.Rates;
using Gateway.Callers;
using Gateway.Limits.Bound;
using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Gateway.Calls;
using Gateway.Telemetry;

namespace Gateway.Limits.Budgets;

/// <summary>
/// Holds the bound of the call's cost in every budget and the balance, all or none, before anything goes upstream. Where the client set no maximum, one is put in, and
/// when money is short a smaller one that it covers. What is still held when this stage is left is given back.
/// </summary>
internal sealed partial class HoldMiddleware(RequestDelegate next, BudgetBook book, TrafficLock traffic, HubOptions options, GatewayMetrics metrics, ILogger<HoldMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var inference = http.GetInference();
        if (!inference.Quotas.NeedsMoney(inference.Model))
        {
            await next(http);
            return;
        }
        var enforces = inference.Quotas.EnforcesMoney;
        if (enforces && !traffic.IsHeld)
        {
            await http.RefuseAsync(Refusals.StoreUnavailable);
            return;
        }
        var refusal = (enforces ? inference.Bound.Refusal : null) ?? await HoldAsync(inference);
        if (refusal is not null)
        {
            Log.Refused(logger, inference.RequestId, refusal.Code);
            inference.GiveBack();
            await http.RefuseAsync(refusal);
            return;
        }
        try
        {
            if (enforces)
            {
                PutMaximumIn(inference);
            }
            ReportShadow(http, inference);
            await next(http);
        }
        finally
        {
            inference.Hold!.Settle(Money.Zero);   // only when nobody settled it: it never went upstream
        }
    }

    private async ValueTask<Refusal?> HoldAsync(InferenceRequest inference)
    {
        HoldLine[] lines;
        IReadOnlyList<BudgetCharge> passedOver;
        inference.AdmittedAt = NotBeforeBudgets(inference);
        try
        {
            (lines, passedOver) = await LinesAsync(inference);
        }
        catch (CallerStoreUnavailableException)
        {
            return Refusals.StoreUnavailable;
        }
        if (MoneyHold.TryTake(lines, inference.Bound.Cost, out var hold, out var shortage) || TryClamp(inference, lines, shortage.LeastLeft, out hold))
        {
            hold!.PassedOver = passedOver;
            inference.Hold = hold;
            return null;
        }
        return MoneyRefusals.Exceeded(shortage, inference.Bound, CanClamp(inference));
    }

    private bool CanClamp(InferenceRequest inference) => options.ClampOutput && inference.Bound.CanShrink;

    // A call cannot have come before the budgets that hold for it were made: a clock that says so was set back meanwhile. Booked at its time the call would count in the
    // budget here and not by the ledger's rows, which tell a budget's calls by their time.
    private static DateTime NotBeforeBudgets(InferenceRequest inference)
    {
        var admitted = inference.AdmittedAt;
        foreach (var budget in inference.Quotas.Budgets)
        {
            admitted = budget.CreatedAt > admitted ? budget.CreatedAt : admitted;
        }
        return admitted;
    }

    private bool TryClamp(InferenceRequest inference, HoldLine[] lines, Money available, out MoneyHold? hold)
    {
        hold = null;
        if (!CanClamp(inference) || inference.Bound.MaxOutputPerChoiceWithin(available) is not { } maximum)
        {
            return false;
        }
        var clamped = inference.Bound.WithMaxOutputPerChoice(maximum);
        if (!MoneyHold.TryTake(lines, clamped.Cost, out hold, out _))
        {
            return false;   // somebody else took what was left
        }
        metrics.Clamped(inference.Model.Name);
        Log.Clamped(logger, inference.RequestId, maximum);
        inference.Bound = clamped;
        return true;
    }

    // Accounts that cannot be read are passed over when the tier says that calls pass then. What is in memory is held as always.
    private async ValueTask<(HoldLine[] Lines, IReadOnlyList<BudgetCharge> PassedOver)> LinesAsync(InferenceRequest inference)
    {
        var quotas = inference.Quotas;
        var userId = inference.Caller.User.Id;
        var lines = new HoldLine[quotas.Budgets.Count + (quotas.IsPrepaid ? 1 : 0)];
        var count = 0;
        List<BudgetCharge>? passedOver = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var budget = i < quotas.Budgets.Count ? quotas.Budgets[i] : null;
            try
            {
                var pending = budget is null ? book.BalanceAsync(userId) : book.LineAsync(budget, userId, inference.AdmittedAt);
                lines[count] = pending.IsCompletedSuccessfully ? pending.Result : await pending;
                count++;
            }
            catch (CallerStoreUnavailableException) when (quotas.Tier?.FailOpen == true)
            {
                if (budget is { IsDefault: false })   // what is spent of that is told from the ledger's sums
                {
                    (passedOver ??= []).Add(BudgetBook.ChargeOf(budget, userId, inference.AdmittedAt));
                }
            }
        }
        return (count == lines.Length ? lines : lines[..count], passedOver ?? (IReadOnlyList<BudgetCharge>)[]);
    }

    private static void PutMaximumIn(InferenceRequest inference)
    {
        if (inference.Bound.PutsMaximumIn)
        {
            inference.Body.Edit(MaximumEdit.Create(inference.Api, inference.Body.Members, inference.Model, inference.Bound.MaxOutputPerChoice));
        }
    }

    private void ReportShadow(HttpContext http, InferenceRequest inference)
    {
        foreach (var line in inference.Hold!.ShadowHits)
        {
            var scope = line.Budget!.Scope.ToName();
            ShadowHeader.Add(http.Response.Headers, scope, "budget");
            metrics.ShadowHit(scope, "budget");
            Log.Shadow(logger, inference.RequestId, line.Budget.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} would be refused by shadow budget {BudgetId}.")]
        public static partial void Shadow(ILogger logger, string requestId, string budgetId);

        [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is refused for money: {Code}.")]
        public static partial void Refused(ILogger logger, string requestId, string code);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is clamped to {Maximum} answer tokens per choice.")]
        public static partial void Clamped(ILogger logger, string requestId, long maximum);
    }
}
