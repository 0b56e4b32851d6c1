using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Quotas;
using Gateway.Limits.Bound;

namespace Gateway.Limits.Rates;

/// <summary>Lets the call in when every rate that applies has room for it.</summary>
internal sealed partial class RateStep(
    QuotaResolver quotas,
    LearnedUsage learned,
    OutputDefault outputDefault,
    AdmissionController admission,
    PolicySource policy,
    TimeProvider time,
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

    /// <summary>What limits a call that was let in before, as of now.</summary>
    /// <exception cref="CallerStoreUnavailableException">The team is not in memory, the database is away, and the tier does not fail
    /// open.</exception>
    public ValueTask<CallQuotas> ResolveAsync(Call call, Caller caller, CancellationToken cancellationToken) =>
        quotas.ResolveAsync(caller, call.Model, call.Labels.EndUser, policy.Current, cancellationToken);

    /// <summary>Counts the tokens of a part of a call in the windows.</summary>
    public void Count(Reservation part, long tokens) => admission.Count(part.Quotas.Rates, part.Call.Caller.User.Id, tokens);

    /// <summary>Whether the windows of tokens have room left.</summary>
    /// <returns>Why not; null when they have.</returns>
    /// <exception cref="CallerStoreUnavailableException">What was used is not in memory, and the database is away.</exception>
    public async ValueTask<Refusal?> LookAtTokensAsync(CallQuotas found, string userId, CancellationToken cancellationToken)
    {
        foreach (var limit in found.Rates)
        {
            if (limit.Mode != QuotaMode.Enforce)
            {
                continue;
            }
            foreach (var usage in await admission.ReadAsync(limit, userId, cancellationToken))
            {
                var isOfTokens = usage.Window is LimitWindow.TokensPerMinute or LimitWindow.TokensPerDay or LimitWindow.TokensPerMonth;
                if (isOfTokens && usage.Remaining == 0)
                {
                    var wait = usage.ResetAt is { } reset ? reset - time.GetUtcNow().UtcDateTime : TimeSpan.Zero;
                    return QuotaRefusals.RateLimited(
                        new LimitRefusal(limit, usage.Window, usage.Limit, 0, usage.ResetAt, wait) { Needed = 1 }
                    );
                }
            }
        }
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
