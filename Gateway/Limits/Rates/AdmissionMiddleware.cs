using Gateway.Callers;
using Gateway.Limits.Bound;
using Gateway.Core.Policy;
using Gateway.Core.Quotas;
using Gateway.Calls;
using Gateway.Telemetry;

namespace Gateway.Limits.Rates;

/// <summary>Lets the call in when every rate that applies has room for it, and tells the client how the tightest ones stand. What was taken is given back here at the latest.</summary>
internal sealed partial class AdmissionMiddleware(
    RequestDelegate next, QuotaResolver quotas, LearnedUsage learned, OutputDefault outputDefault, AdmissionController admission, PolicySource policy, GatewayMetrics metrics,
    ILogger<AdmissionMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var inference = http.GetInference();
        AdmissionResult result;
        try
        {
            var current = policy.Current;
            inference.Quotas = await quotas.ResolveAsync(inference.Caller, inference.Model, current, http.RequestAborted);
            inference.Bound = CallBound.Compute(inference.Api, inference.Body.Members, learned.HeldBytes(inference.Model.Id, inference.Body), inference.Model,
                new OutputLimits(inference.Quotas.Tier?.MaxOutputTokens, outputDefault.Tokens));
            result = await AdmitAsync(inference, http.RequestAborted);
        }
        catch (CallerStoreUnavailableException)
        {
            await http.RefuseAsync(Refusals.StoreUnavailable);
            return;
        }
        if (result.Refusal is { } refusal)
        {
            Log.Refused(logger, inference.RequestId, refusal.Limit.Id, refusal.Window);
            RateLimitHeaders.Write(http.Response.Headers, refusal.RequestState, refusal.TokenState);
            await http.RefuseAsync(QuotaRefusals.RateLimited(refusal));
            return;
        }
        using var lease = result.Lease!;
        inference.Lease = lease;
        inference.AdmittedAt = lease.AdmittedAt;
        RateLimitHeaders.Write(http.Response.Headers, lease.RequestState, lease.TokenState);
        Report(http, inference, lease);
        await next(http);
        if (inference.Attempts == 0)
        {
            lease.Release(LeaseEnd.NeverAnswered);   // refused further on: it never went upstream
        }
    }

    private async ValueTask<AdmissionResult> AdmitAsync(InferenceRequest inference, CancellationToken cancellationToken)
    {
        var tokens = learned.Typical.Estimate(inference);
        var user = inference.Caller.User.Id;
        try
        {
            return await admission.AdmitAsync(inference.Quotas.Rates, user, tokens, cancellationToken);
        }
        catch (CallerStoreUnavailableException) when (inference.Quotas.Tier?.FailOpen == true)
        {
            // Nobody can tell what was used, and the tier says that calls pass then. The ledger keeps this one, so that the windows have it when they can be read.
            return await admission.AdmitAsync([], user, tokens, cancellationToken);
        }
    }

    private void Report(HttpContext http, InferenceRequest inference, AdmissionLease lease)
    {
        foreach (var hit in lease.ShadowHits)
        {
            ShadowHeader.Add(http.Response.Headers, hit.Limit.Scope.ToName(), hit.Window.ToName());
            metrics.ShadowHit(hit.Limit.Scope.ToName(), hit.Window.ToName());
            Log.Shadow(logger, inference.RequestId, hit.Limit.Id, hit.Window);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is refused by limit {LimitId}: {Window}.")]
        public static partial void Refused(ILogger logger, string requestId, string limitId, LimitWindow window);

        [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} would be refused by shadow limit {LimitId}: {Window}.")]
        public static partial void Shadow(ILogger logger, string requestId, string limitId, LimitWindow window);
    }
}
