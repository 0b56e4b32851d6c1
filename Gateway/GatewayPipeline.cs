using Gateway.Limits.Rates;
using Gateway.Callers;
using Gateway.Limits.Budgets;
using Gateway.Ledger;
using Gateway.Upstream;
using Gateway.Telemetry;
using Gateway.Bodies;

namespace Gateway;

/// <summary>
/// The table of contents of a request. Stages do not know each other; what they know of a call stands in <see cref="Inference.InferenceRequest"/>.
/// On the way out the upstream's answer is taken over by <see cref="Relaying.AnswerRelay"/>, which meters it as it passes and settles it before its last bytes leave.
/// </summary>
internal static class GatewayPipeline
{
    public static void MapInference(this IEndpointRouteBuilder routes) =>
        routes.MapReverseProxy(stages =>
        {
            stages.UseMiddleware<ObservationMiddleware>();       // counts, times, traces and logs whatever becomes of the call
            stages.UseMiddleware<AuthenticationMiddleware>();    // who calls
            stages.UseMiddleware<RequestReadingMiddleware>();    // what is asked: model, stream, maximum
            stages.UseMiddleware<ModelResolutionMiddleware>();   // which model that is, and whether this caller may use it
            stages.UseMiddleware<AdmissionMiddleware>();         // rates: windows and places in flight, all or nothing
            stages.UseMiddleware<HoldMiddleware>();              // money: the bound of the cost, in every budget or in none
            stages.UseMiddleware<JournalMiddleware>();           // from here on a crash is known of
            stages.UseMiddleware<UsageOptionMiddleware>();       // streams are to tell what they used
            stages.UseMiddleware<ContentMiddleware>();           // keeps prompt and answer, when an admin wants that
            stages.UseMiddleware<SettlementMiddleware>();        // whatever happens behind this line is recorded once
            stages.UseMiddleware<AttemptMiddleware>();           // to the upstream; to another destination while no byte has come
            stages.UseLoadBalancing();
            stages.UsePassiveHealthChecks();
        });
}
