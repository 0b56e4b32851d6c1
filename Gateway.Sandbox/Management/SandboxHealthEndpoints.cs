using Gateway.Sandbox.Catalogue;
using Gateway.Sandbox.Inference;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Management;

/// <summary>
/// Health as LiteLLM tells it. <c>/health</c> calls no model here: a deployment is healthy unless its scenario is a fault.
/// </summary>
internal static class SandboxHealthEndpoints
{
    private const string Readiness = "{\"status\":\"healthy\",\"db\":\"Not connected\"";

    public static void MapHealth(
        this IEndpointRouteBuilder routes,
        SandboxCatalogue catalogue,
        LiteLlmBehaviour behaviour,
        SandboxKeys keys
    )
    {
        var isLegacy = behaviour == LiteLlmBehaviour.Legacy;
        var details =
            Readiness
            + ",\"cache\":null,\"litellm_version\":\""
            + (isLegacy ? "1.81.13" : "1.109.1")
            + "\",\"success_callbacks\":[],\"use_aiohttp_transport\":true";
        routes.MapGet("/health/liveliness", http => Answer.WriteAsync(http, 200, "\"I'm alive!\""));
        routes.MapGet("/health/liveness", http => Answer.WriteAsync(http, 200, "\"I'm alive!\""));
        routes.MapGet("/health/readiness", http => Answer.WriteAsync(http, 200, isLegacy ? details + "}" : Readiness + "}"));
        routes.MapGet("/health", http => GetHealth(http, catalogue, isLegacy, keys));
        if (isLegacy)
        {
            return;
        }
        routes.MapGet(
            "/health/readiness/details",
            async http =>
            {
                if (!await keys.RefusedAsync(http))
                {
                    await Answer.WriteAsync(
                        http,
                        200,
                        details
                            + ",\"log_level\":\"WARNING\",\"is_detailed_debug\":false,"
                            + "\"show_no_redis_warning\":true,\"show_env_credential_login_warning\":true}"
                    );
                }
            }
        );
    }

    private static async Task GetHealth(HttpContext http, SandboxCatalogue catalogue, bool isLegacy, SandboxKeys keys)
    {
        if (await keys.RefusedAsync(http))
        {
            return;
        }
        var name = http.Request.Query["model"].ToString();
        var deployments = catalogue.Deployments.Where(deployment => name.Length == 0 || deployment.Model.Name == name).ToLookup(IsHealthy);
        using var json = new Utf8Builder(4096);
        json.Raw("{\"healthy_endpoints\":["u8);
        AppendAll(json, deployments[true], isHealthy: true);
        json.Raw("],\"unhealthy_endpoints\":["u8);
        AppendAll(json, deployments[false], isHealthy: false);
        json.Raw("],\"healthy_count\":"u8)
            .Int(deployments[true].Count())
            .Raw(",\"unhealthy_count\":"u8)
            .Int(deployments[false].Count())
            .Raw("}"u8);
        var isDown = name.Length > 0 && !deployments[true].Any() && deployments[false].Any() && !isLegacy;
        await Answer.WriteAsync(http, isDown ? 503 : 200, json.Memory);
    }

    private static bool IsHealthy(Deployment deployment) => deployment.Scenario.Fault is Fault.None or Fault.Empty or Fault.DropMidStream;

    private static void AppendAll(Utf8Builder json, IEnumerable<Deployment> deployments, bool isHealthy)
    {
        var first = true;
        foreach (var deployment in deployments)
        {
            json.Raw(first ? "{\"api_base\":\""u8 : ",{\"api_base\":\""u8)
                .Text(LiteLlmHeaders.ApiBase)
                .Raw("\",\"model\":"u8)
                .String(deployment.Model.UpstreamName);
            _ = isHealthy
                ? json.Raw(",\"x-ratelimit-remaining-requests\":\"9999\",\"x-ratelimit-remaining-tokens\":\"199900\",\"model_id\":"u8)
                    .String(deployment.Model.Id)
                : json.Raw(",\"error\":\"litellm.InternalServerError: InternalServerError: OpenAIException - scripted failure\""u8);
            json.Raw("}"u8);
            first = false;
        }
    }
}
