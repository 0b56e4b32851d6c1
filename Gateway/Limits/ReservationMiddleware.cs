using Gateway.Calls;
using Gateway.Core.Quotas;
using Gateway.Ledger;
using Gateway.Limits.Rates;
using Gateway.Telemetry;

namespace Gateway.Limits;

/// <summary>
/// Takes what the call needs, or refuses it, and tells the client how its limits stand. Whatever happens after this stage, what was taken
/// is ended when it is left;
/// normally a relay has ended it before, ahead of the answer's last bytes.
/// </summary>
internal sealed partial class ReservationMiddleware(
    RequestDelegate next,
    Reservations reservations,
    ContentKeeper contents,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<ReservationMiddleware> logger
)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var reservation = reservations.Open(http.GetCall());
        try
        {
            var refusal = await reservation.TakeAsync(http.RequestAborted);
            RateLimitHeaders.Write(http, reservation.RateStates.Requests, reservation.RateStates.Tokens, time.GetUtcNow());
            Report(http, reservation);
            if (refusal is not null)
            {
                await http.RefuseAsync(refusal);
                return;
            }
            contents.Open(reservation.Call);
            await next(http);
        }
        finally
        {
            await reservation.CloseAsync(http.Response.StatusCode);
        }
    }

    private void Report(HttpContext http, Reservation reservation)
    {
        foreach (var hit in reservation.Lease?.ShadowHits ?? [])
        {
            Report(http, hit.Limit.Scope, hit.Window.ToName());
            Log.ShadowLimit(logger, reservation.Call.RequestId, hit.Limit.Id, hit.Window);
        }
        foreach (var line in reservation.Hold?.ShadowHits ?? [])
        {
            Report(http, line.Budget!.Scope, "budget");
            Log.ShadowBudget(logger, reservation.Call.RequestId, line.Budget.Id);
        }
    }

    private void Report(HttpContext http, QuotaScope scope, string window)
    {
        ShadowHeader.Add(http.Response.Headers, scope.ToName(), window);
        metrics.ShadowHit(scope.ToName(), window);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} would be refused by shadow limit {LimitId}: {Window}.")]
        public static partial void ShadowLimit(ILogger logger, string requestId, string limitId, LimitWindow window);

        [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} would be refused by shadow budget {BudgetId}.")]
        public static partial void ShadowBudget(ILogger logger, string requestId, string budgetId);
    }
}
