using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Realtime;

/// <summary>Reads what is asked of a session: all of it stands in the query and the headers.</summary>
internal sealed class RealtimeReadingMiddleware(RequestDelegate next, LabelReader labels)
{
    // They name sessions that began past the gateway, or none that answers.
    private static readonly string[] Refused = ["call_id", "intent"];

    public async Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        if (Refuse(http) is { } refusal)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        var invalid = labels.ReadHeaders(http.Request.Headers, out var found);
        if (invalid is not null)
        {
            await http.RefuseAsync(invalid);
            return;
        }
        call.Labels = found;
        using var body = EmptyBody(http.Request.Query["model"]!);
        call.Add(body);
        await next(http);
    }

    /// <summary>A call without a body, for a model.</summary>
    public static RequestBody EmptyBody(string model) =>
        new(
            [],
            0,
            new RequestMembers
            {
                Model = model,
                ModelRange = default,
                Stream = true,
                Choices = 1,
                Content = new ContentSummary(),
            }
        );

    private static Refusal? Refuse(HttpContext http)
    {
        var query = http.Request.Query;
        return !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsConnect(http.Request.Method)
                ? Refusals.MethodNotAllowed(http.Request.Method, HttpMethods.Get)
            : Array.Find(Refused, query.ContainsKey) is { } member ? Refusals.NotInRealtime(member)
            : query["model"] is not [{ Length: > 0 }] ? Refusals.MissingModel()
            : !http.WebSockets.IsWebSocketRequest ? Refusals.UpgradeRequired
            : null;
    }
}
