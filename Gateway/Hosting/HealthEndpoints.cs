using Gateway.Core.Configuration;

namespace Gateway.Hosting;

/// <summary>Is the process alive, may it get traffic, and how are its parts. Open to all; tells nothing that helps an attacker.</summary>
internal static class HealthEndpoints
{
    public static readonly string Version = ProductVersion.Text;

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head]; // load balancers ask by HEAD

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/health/live", Reading, () => Json(StatusCodes.Status200OK, new LiveView("ok"), HealthJson.Default.LiveView));
        routes.MapMethods("/health/ready", Reading, GetReady);
        routes.MapMethods("/health", Reading, GetHealth);
        routes.MapMethods(
            "/",
            Reading,
            () => Json(StatusCodes.Status200OK, new RootView("OneUIHub Gateway API", Version, "/docs"), HealthJson.Default.RootView)
        );
    }

    // An upstream that is down is told, not answered with 503: else every node would leave at once.
    private static async Task<IResult> GetReady(HubReadiness readiness, HealthChecks checks, CancellationToken cancellationToken)
    {
        var (database, litellm) = await checks.AllAsync(cancellationToken);
        var ready = readiness.IsReady && database == "ok";
        return Json(
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new HealthView(ready ? "ready" : "not_ready", "oneui-hub-backend", Version, new ChecksView(database, litellm)),
            HealthJson.Default.HealthView
        );
    }

    private static async Task<IResult> GetHealth(HealthChecks checks, CancellationToken cancellationToken)
    {
        var (database, litellm) = await checks.AllAsync(cancellationToken);
        var ok = database == "ok";
        return Json(
            ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new HealthView(ok ? "ok" : "unavailable", "oneui-hub-backend", Version, new ChecksView(database, litellm)),
            HealthJson.Default.HealthView
        );
    }

    private static IResult Json<T>(int status, T view, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        Results.Json(view, type, statusCode: status);
}
