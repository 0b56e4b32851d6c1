using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Limits.Bound;

namespace Gateway.Limits.Rates;

/// <summary>Lets the call in when every rate that applies has room for it.</summary>
internal sealed partial class RateStep(
    QuotaResolver quotas,
    LearnedUsage learned,
    OutputDefault outputDefault,
    AdmissionController admission,
    PolicySource policy,
    ILogger<RateStep> logger
)
{
    /// <summary>Finds what limits the call and bounds it, and takes from the windows.</summary>
    /// <returns>Why the call is refused; null when it is in.</returns>
    /// <exception cref="CallerStoreUnavailableException">Something is not in memory, the database is away, and the tier does not fail
    /// open.</exception>
    public async ValueTask<Refusal?> TakeAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var call = reservation.Call;
        reservation.Quotas = await quotas.ResolveAsync(call.Caller, call.Model, call.Labels.EndUser, policy.Current, cancellationToken);
        reservation.Bound = call.FindPart<FixedBound>() is { } known
            ? CallBound.Of(known)
            : CallBound.Compute(
                call.Api,
                call.Body.Members,
                learned.HeldBytes(call.Model.Id, call.Body),
                call.Model,
                new OutputLimits(reservation.Quotas.Tier?.MaxOutputTokens, outputDefault.Tokens)
            );
        var result = await AdmitAsync(reservation, cancellationToken);
        if (result.Refusal is { } refusal)
        {
            Log.Refused(logger, call.RequestId, refusal.Limit.Id, refusal.Window);
            reservation.RateStates = new RateStates(refusal.RequestState, refusal.TokenState);
            return QuotaRefusals.RateLimited(refusal);
        }
        var lease = result.Lease!;
        reservation.Lease = lease;
        reservation.RateStates = new RateStates(lease.RequestState, lease.TokenState);
        call.AdmittedAt = lease.AdmittedAt;
        return null;
    }

    private async ValueTask<AdmissionResult> AdmitAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var tokens = reservation.Call.FindPart<FixedBound>()?.Tokens ?? learned.Typical.Estimate(reservation);
        var user = reservation.Call.Caller.User.Id;
        try
        {
            return await admission.AdmitAsync(reservation.Quotas.Rates, user, tokens, cancellationToken);
        }
        catch (CallerStoreUnavailableException) when (reservation.Quotas.Tier?.FailOpen == true)
        {
            // Nobody can tell what was used, and the tier says that calls pass then. The ledger keeps this one, so that the windows have
            // it when they can be read.
            return await admission.AdmitAsync([], user, tokens, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is refused by limit {LimitId}: {Window}.")]
        public static partial void Refused(ILogger logger, string requestId, string limitId, LimitWindow window);
    }
}
