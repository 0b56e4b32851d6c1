using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Ledger;
using Gateway.Limits;
using Gateway.Telemetry;
using Gateway.Upstream;

namespace Gateway;

/// <summary>
/// The table of contents of a request. Stages do not know each other; what they know of a call stands in <see cref="Calls.Call"/> and its
/// parts. On the way out the
/// upstream's answer is taken over by <see cref="Answers.AnswerRelay"/>, which meters it as it passes and ends its reservation before its
/// last bytes leave.
/// </summary>
internal static class GatewayPipeline
{
    /// <summary>Maps the forwarded APIs.</summary>
    public static void MapInference(this IEndpointRouteBuilder routes) =>
        routes
            .MapReverseProxy(stages =>
            {
                stages.UseMiddleware<ObservationMiddleware>(); // counts, times, traces and logs whatever becomes of the call
                stages.UseMiddleware<AuthenticationMiddleware>(); // who calls
                stages.UseMiddleware<RequestReadingMiddleware>(); // what is asked: model, stream, maximum
                stages.UseMiddleware<ModelResolutionMiddleware>(); // which model that is, and whether this caller may use it
                stages.UseMiddleware<KeptContentMiddleware>(); // whose the response, conversation or files are that it builds on
                stages.UseMiddleware<ReservationMiddleware>(); // rates, money and the journal's hold, all or none; ended once
                stages.UseMiddleware<AttemptMiddleware>(); // to an upstream of the model; to another one while no byte has come
                stages.UseLoadBalancing();
                stages.UsePassiveHealthChecks();
            })
            .ConfigureEndpoints((endpoint, route) => endpoint.WithMetadata(ApiTable.OfRoute(route.RouteId)));
}
