using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Ledger;

/// <summary>A call that goes on from an earlier response may do so only where that is its user's own.</summary>
internal sealed class PreviousResponseMiddleware(RequestDelegate next, ResponseOwners owners)
{
    public Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        return call.Body.Members.ContentRef.PreviousResponse is { } id ? CheckAsync(http, call.Caller, id) : next(http);
    }

    private async Task CheckAsync(HttpContext http, Caller caller, string id)
    {
        if (await owners.RefuseAsync(caller, id, http.RequestAborted) is { } refusal)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        await next(http);
    }
}
