using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;

namespace Gateway.Limits.Rates;

/// <summary>
/// Asks, before a body is read, every limit that does not depend on it: of key, user and team, for all models. A call takes a place in
/// flight with them while its body is read. Requests and tokens are looked at and not counted: the call is admitted when it is known.
/// </summary>
internal sealed class ReadingAdmission(QuotaResolver quotas, AdmissionController admission, TimeProvider time) : IReadingGate
{
    /// <inheritdoc/>
    public async ValueTask<(IDisposable? Place, Refusal? Refusal)> EnterAsync(Caller caller, HttpContext http)
    {
        try
        {
            var limits = await quotas.ResolveForReadingAsync(caller, http.RequestAborted);
            if (limits.Count == 0)
            {
                return default;
            }
            var (place, refusal) = await admission.EnterAsync(limits, caller.User.Id, http.RequestAborted);
            if (refusal is null)
            {
                return (place, null);
            }
            RateLimitHeaders.Write(http, refusal.RequestState, refusal.TokenState, time.GetUtcNow());
            return (null, QuotaRefusals.RateLimited(refusal));
        }
        catch (CallerStoreUnavailableException)
        {
            return default; // admission says what happens then, when the model is known
        }
    }
}
