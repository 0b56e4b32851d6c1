using Gateway.Admission;
using Gateway.Authentication;
using Gateway.Bounding;
using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Errors;
using Gateway.Inference;
using Gateway.Observability;

namespace Gateway.Budgeting;

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
        try
        {
            lines = await LinesAsync(inference);
        }
        catch (CallerStoreUnavailableException)
        {
            return inference.Quotas.Tier?.FailOpen == true ? Open(inference) : Refusals.StoreUnavailable;
        }
        if (MoneyHold.TryTake(lines, inference.Bound.Cost, out var hold, out var shortage) || TryClamp(inference, lines, shortage.LeastLeft, out hold))
        {
            inference.Hold = hold;
            return null;
        }
        return QuotaRefusals.BudgetExceeded(shortage.Line, shortage.Left, inference.Bound.Cost);
    }

    // The tier says that its users' calls pass when nobody can tell what money is left: the call is recorded and holds nothing.
    private static Refusal? Open(InferenceRequest inference)
    {
        MoneyHold.TryTake([], inference.Bound.Cost, out var hold, out _);
        inference.Hold = hold;
        return null;
    }

    private bool TryClamp(InferenceRequest inference, HoldLine[] lines, Money available, out MoneyHold? hold)
    {
        hold = null;
        if (!options.ClampOutput || !inference.Bound.PutsMaximumIn || inference.Bound.MaxOutputPerChoiceWithin(available) is not { } maximum)
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

    private async ValueTask<HoldLine[]> LinesAsync(InferenceRequest inference)
    {
        var quotas = inference.Quotas;
        var lines = new HoldLine[quotas.Budgets.Count + (quotas.IsPrepaid ? 1 : 0)];
        for (var i = 0; i < quotas.Budgets.Count; i++)
        {
            var line = book.LineAsync(quotas.Budgets[i], inference.Caller.User.Id, inference.AdmittedAt);
            lines[i] = line.IsCompletedSuccessfully ? line.Result : await line;
        }
        if (quotas.IsPrepaid)
        {
            var line = book.BalanceAsync(inference.Caller.User.Id);
            lines[^1] = line.IsCompletedSuccessfully ? line.Result : await line;
        }
        return lines;
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
