using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Ledger;

/// <summary>
/// A call that goes on from an earlier response may do so only where that is its user's own, and goes to the upstream that keeps it.
/// </summary>
internal sealed class PreviousResponseMiddleware(RequestDelegate next, ResponseOwners owners)
{
    public Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        return call.Body.Members.ContentRef.PreviousResponse is { } id ? CheckAsync(http, call, id) : next(http);
    }

    private async Task CheckAsync(HttpContext http, Call call, string id)
    {
        var (refusal, upstream) = await owners.FindAsync(call.Caller, id, http.RequestAborted);
        if (refusal is not null)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        call.OnlyUpstream = upstream;
        await next(http);
    }
}
