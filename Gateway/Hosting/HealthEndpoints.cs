using Gateway.Core.Configuration;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Hosting;

/// <summary>
/// Whether the process is alive, whether it may get traffic, and how its parts are: the framework's health checks, in JSON. Open to all;
/// tells nothing that helps an attacker.
/// </summary>
internal static class HealthEndpoints
{
    public static readonly string Version = ProductVersion.Text;

    private const string Database = "database";
    private const string Upstream = "litellm";
    private const string Start = "start";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head]; // load balancers ask by HEAD

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<HubReadiness>();
        services.AddSingleton<DatabaseHealth>();
        services.AddSingleton<UpstreamHealth>();
        services.AddHealthChecks().AddCheck<DatabaseHealth>(Database).AddCheck<UpstreamHealth>(Upstream).AddCheck<HubReadiness>(Start);
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        Map(
            routes,
            "/health/live",
            _ => false,
            (http, _) => http.Response.WriteAsJsonAsync(new LiveView("ok"), HealthJson.Default.LiveView)
        );
        Map(routes, "/health/ready", _ => true, (http, report) => WriteAsync(http, report, "ready", "not_ready"));
        Map(routes, "/health", check => check.Name != Start, (http, report) => WriteAsync(http, report, "ok", "unavailable"));
        routes.MapMethods(
            "/",
            Reading,
            () => Results.Json(new RootView("OneUIHub Gateway API", Version, "/docs"), HealthJson.Default.RootView)
        );
    }

    private static void Map(
        IEndpointRouteBuilder routes,
        string path,
        Func<HealthCheckRegistration, bool> checks,
        Func<HttpContext, HealthReport, Task> write
    ) =>
        routes
            .MapHealthChecks(path, new HealthCheckOptions { Predicate = checks, ResponseWriter = write })
            .WithMetadata(new HttpMethodMetadata(Reading));

    private static Task WriteAsync(HttpContext http, HealthReport report, string good, string bad) =>
        http.Response.WriteAsJsonAsync(
            new HealthView(
                report.Status == HealthStatus.Unhealthy ? bad : good,
                "oneui-hub-backend",
                Version,
                new ChecksView(WordOf(report, Database), WordOf(report, Upstream))
            ),
            HealthJson.Default.HealthView
        );

    // A check that failed itself has the fault's message as description, which is not for everybody.
    private static string WordOf(HealthReport report, string check) =>
        report.Entries[check] is { Exception: null, Description: { } word } ? word : "down";
}
