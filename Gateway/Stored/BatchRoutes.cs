using Gateway.Answers;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Limits;
using Gateway.Telemetry;
using Gateway.Upstream;

namespace Gateway.Stored;

/// <summary>
/// Batches: made by a call, which goes through the stages of all calls but is sent by <see cref="BatchSender"/>; listed, looked at and
/// cancelled for nothing. Each belongs to the user whose call made it; to anybody else it does not exist.
/// </summary>
internal static class BatchRoutes
{
    public static void MapBatches(this IEndpointRouteBuilder routes)
    {
        var call = Stages(routes);
        foreach (var prefix in StoredRequest.Prefixes)
        {
            var all = prefix + ApiTable.Batches.Path;
            routes.Map(all, call).WithMetadata(ApiTable.Batches);
            routes.MapGet(all, (HttpContext http) => StoredRequest.RunAsync(http, ListAsync, HttpMethods.Get));
            routes.Map(all + "/{batch}", (HttpContext http) => StoredRequest.RunAsync(http, LookAsync, HttpMethods.Get));
            routes.Map(all + "/{batch}/cancel", (HttpContext http) => StoredRequest.RunAsync(http, LookAsync, HttpMethods.Post));
        }
    }

    private static RequestDelegate Stages(IEndpointRouteBuilder routes)
    {
        var stages = routes.CreateApplicationBuilder();
        stages.UseMiddleware<ObservationMiddleware>();
        stages.UseMiddleware<AuthenticationMiddleware>();
        stages.UseMiddleware<RequestReadingMiddleware>();
        stages.UseMiddleware<BatchFileMiddleware>(); // which model, and what all calls of the file can cost
        stages.UseMiddleware<ReservationMiddleware>();
        stages.Run(http => http.RequestServices.GetRequiredService<BatchSender>().SendAsync(http));
        return stages.Build();
    }

    private static Task ListAsync(HttpContext http, Caller caller) =>
        StoredList.SendAsync(http, caller, KeptKinds.Batch, most: 100, fewest: 20);

    private static async Task LookAsync(HttpContext http, Caller caller)
    {
        var (kept, upstream) = await StoredRequest.FindAsync(http, caller, KeptKinds.Batch);
        if (kept is null)
        {
            return;
        }
        var side = http.RequestServices.GetRequiredService<UpstreamSide>();
        var method = new HttpMethod(http.Request.Method);
        var path = "batches/" + Uri.EscapeDataString(kept.Id) + (HttpMethods.IsPost(http.Request.Method) ? "/cancel" : "");
        if (await StoredForward.AskAsync(http, stop => side.SendAsync(upstream!, method, path, null, stop)) is not { } answer)
        {
            return;
        }
        // Before the client knows the ids of the files that it wrote.
        var batches = http.RequestServices.GetRequiredService<Batches>();
        try
        {
            await batches.SeenAsync(kept.Id, upstream!, caller.User.Id, answer, CancellationToken.None);
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault) || fault is HttpRequestException)
        {
            await http.RefuseAsync(fault is HttpRequestException ? Refusals.UpstreamUnreachable : Refusals.StoreUnavailable);
            return;
        }
        await StoredForward.SendAsync(http, answer);
    }
}
