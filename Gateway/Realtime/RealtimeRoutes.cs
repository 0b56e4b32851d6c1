using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Limits;
using Gateway.Telemetry;

namespace Gateway.Realtime;

/// <summary>
/// Realtime sessions: through the stages of a call up to its reservation, and then a WebSocket on either side. YARP forwards WebSockets by
/// itself, but as bytes of a connection that nobody can read on the way: no usage would be seen.
/// </summary>
internal static class RealtimeRoutes
{
    public static void MapRealtime(this IEndpointRouteBuilder routes)
    {
        var stages = routes.CreateApplicationBuilder();
        stages.UseWebSockets();
        stages.UseMiddleware<ObservationMiddleware>();
        stages.UseMiddleware<ProtocolKeyMiddleware>();
        stages.UseMiddleware<AuthenticationMiddleware>();
        stages.UseMiddleware<RealtimeReadingMiddleware>();
        stages.UseMiddleware<ModelResolutionMiddleware>();
        stages.Use(
            (http, next) =>
            {
                var call = http.GetCall();
                call.Add(RealtimeBound.OfSession(call.Model));
                return next(http);
            }
        );
        stages.UseMiddleware<ReservationMiddleware>();
        var sessions = routes.ServiceProvider.GetRequiredService<RealtimeDesk>();
        stages.Run(sessions.RunAsync);
        var pipeline = stages.Build();
        foreach (var (name, path) in ApiTable.Realtime.Routes)
        {
            routes.Map(path, pipeline).WithMetadata(ApiTable.Realtime).WithDisplayName(name);
        }
    }
}
