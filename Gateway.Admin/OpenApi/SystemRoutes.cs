using System.Text.Json.Nodes;
using Gateway.Admin.Replies;
using Gateway.Core.Configuration;
using Microsoft.OpenApi;

namespace Gateway.Admin.OpenApi;

/// <summary>What is served outside <c>/v1</c> and <c>/api/v1</c>.</summary>
internal static class SystemRoutes
{
    private const string Service = "oneui-hub-backend";

    public static void Add(OpenApiDocument document)
    {
        var (ok, down) = (Checks("ok"), Checks("down"));
        Get(
            document,
            "/health",
            "How the gateway and its parts are",
            "For people and dashboards. Open to everybody.",
            (200, "It serves.", Health("ok", ok)),
            (503, "The database is unavailable.", Health("unavailable", down))
        );
        Get(
            document,
            "/health/live",
            "Whether the process runs",
            "For the orchestrator's liveness probe. Open to everybody.",
            (200, "The process runs.", new JsonObject { ["status"] = "ok" })
        );
        Get(
            document,
            "/health/ready",
            "Whether traffic may be sent here",
            "For load balancers. An upstream that is down is reported and does not change the status. Open to everybody.",
            (200, "Traffic may be sent here.", Health("ready", ok)),
            (503, "Not yet, or not now.", Health("not_ready", down))
        );
        Get(
            document,
            "/",
            "What this is",
            "Name and version of the service. Open to everybody.",
            (
                200,
                "The service.",
                new JsonObject
                {
                    ["message"] = "OneUIHub Gateway API",
                    ["version"] = ProductVersion.Text,
                    ["docs"] = "/docs",
                }
            )
        );
        Get(document, "/metrics", "Metrics", "In Prometheus' text format.").Responses!["200"] = new OpenApiResponse
        {
            Description = "The metrics.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["text/plain"] = new() { Schema = Text(), Example = "# TYPE gateway_requests_total counter" },
            },
        };
        AddLogo(document);
    }

    private static void AddLogo(OpenApiDocument document)
    {
        var logo = Get(document, "/uploads/logos/{file}", "A logo", "A file that an admin uploaded. Open to everybody.");
        logo.Parameters =
        [
            new OpenApiParameter
            {
                Name = "file",
                In = ParameterLocation.Path,
                Required = true,
                Schema = Text(),
            },
        ];
        logo.Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse
            {
                Description = "The logo.",
                Content = new[] { "image/png", "image/svg+xml" }.ToDictionary(
                    type => type,
                    _ => new OpenApiMediaType
                    {
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                        Example = "the image's bytes",
                    }
                ),
            },
            ["404"] = ErrorAnswers.Reference(404, document),
        };
    }

    private static OpenApiOperation Get(
        OpenApiDocument document,
        string path,
        string summary,
        string description,
        params (int Status, string Text, JsonObject Example)[] answers
    )
    {
        var operation = new OpenApiOperation
        {
            OperationId =
                "get"
                + string.Concat(
                    path.Split('/', '{', '}')
                        .Where(w => w.Length > 0)
                        .Select(w => char.ToUpperInvariant(w[0]) + w[1..])
                        .DefaultIfEmpty("Root")
                ),
            Summary = summary,
            Description = description,
            Tags = new HashSet<OpenApiTagReference> { new("system", document) },
            Responses = new OpenApiResponses(),
        };
        foreach (var (status, text, example) in answers)
        {
            operation.Responses[$"{status}"] = new OpenApiResponse
            {
                Description = text,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [AnswerWriter.Json] = new() { Schema = SchemaOf(example), Example = example },
                },
            };
        }
        document.Paths[path] = new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = operation } };
        return operation;
    }

    private static OpenApiSchema SchemaOf(JsonObject example) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = example.Select(m => m.Key).ToHashSet(),
            Properties = example.ToDictionary(m => m.Key, m => (IOpenApiSchema)(m.Value is JsonObject inner ? SchemaOf(inner) : Text())),
        };

    private static JsonObject Health(string status, JsonObject checks) =>
        new()
        {
            ["status"] = status,
            ["service"] = Service,
            ["version"] = ProductVersion.Text,
            ["checks"] = checks.DeepClone(),
        };

    private static JsonObject Checks(string database) => new() { ["database"] = database, ["litellm"] = "ok" };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
