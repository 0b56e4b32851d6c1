using System.Text.Json.Nodes;
using Gateway.Core.Configuration;

namespace Gateway.Admin.OpenApi;

/// <summary>What is served outside <c>/api/v1</c>, and what is no JSON.</summary>
internal static class SystemRoutes
{
    public static void Add(JsonObject paths)
    {
        var checks = MemberTable.Schema("database:s! litellm:s!", partial: false);
        var health = MemberTable.Schema("status:s! service:s! version:s!", partial: false);
        health["properties"]!["checks"] = checks;
        ((JsonArray)health["required"]!).Add("checks");
        var up = new JsonObject
        {
            ["status"] = "ok",
            ["service"] = "oneui-hub-backend",
            ["version"] = ProductVersion.Text,
            ["checks"] = new JsonObject { ["database"] = "ok", ["litellm"] = "ok" },
        };
        var down = new JsonObject
        {
            ["status"] = "unavailable",
            ["service"] = "oneui-hub-backend",
            ["version"] = ProductVersion.Text,
            ["checks"] = new JsonObject { ["database"] = "down", ["litellm"] = "ok" },
        };
        var ready = (JsonObject)up.DeepClone();
        ready["status"] = "ready";
        paths["/health"] = Get("getHealth", ("200", "It serves.", Json(health, up)), ("503", "The database is away.", Json(health, down)));
        paths["/health/live"] = Get(
            "getHealthLive",
            ("200", "The process runs.", Json(MemberTable.Schema("status:s!", partial: false), new JsonObject { ["status"] = "ok" }))
        );
        paths["/health/ready"] = Get(
            "getHealthReady",
            ("200", "Traffic may be sent here.", Json(health, ready)),
            ("503", "Not yet, or not now.", Json(health, down))
        );
        paths["/"] = Get(
            "getRoot",
            (
                "200",
                "What this is.",
                Json(
                    MemberTable.Schema("message:s! version:s! docs:s!", partial: false),
                    new JsonObject
                    {
                        ["message"] = "OneUIHub Gateway API",
                        ["version"] = ProductVersion.Text,
                        ["docs"] = "/docs",
                    }
                )
            )
        );
        paths["/metrics"] = Get(
            "getMetrics",
            ("200", "Metrics in Prometheus' text format.", Text("text/plain", "# TYPE gateway_requests_total counter"))
        );
        var logo = Get(
            "getUploadsLogosFile",
            ("200", "The logo.", new JsonObject { ["image/png"] = Binary(), ["image/svg+xml"] = Binary() }),
            ("404", "It does not exist.", Json(new JsonObject { ["$ref"] = "#/components/schemas/Error" }, null))
        );
        logo["get"]!["parameters"] = new JsonArray(
            new JsonObject
            {
                ["name"] = "file",
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = MemberTable.TypeSchema('s'),
            }
        );
        paths["/uploads/logos/{file}"] = logo;
    }

    /// <summary>The answer of <c>GET /admin/ledger/export</c>.</summary>
    public static JsonObject LedgerLines() =>
        new()
        {
            ["description"] = "A line per ended call, oldest first; CSV when Accept asks for it.",
            ["content"] = new JsonObject
            {
                ["application/x-ndjson"] = Text(
                    "application/x-ndjson",
                    "{\"id\":\"01980a3c-5d1e-7c55-b0a4-6f2d1c9e8b70\",\"model\":\"gpt-4o\",\"total_cost\":0.000225}\n"
                )["application/x-ndjson"]!.DeepClone(),
                ["text/csv"] = Text("text/csv", "id,admitted_at,ended_at\r\n")["text/csv"]!.DeepClone(),
            },
        };

    /// <summary>The answer of the routes that stream a chat's answer.</summary>
    public static JsonObject ChatEvents() =>
        new()
        {
            ["description"] = "Server-sent events; each is whole, and the last one says that the answer is stored and charged, or failed.",
            ["content"] = Text("text/event-stream", "data: {\"type\":\"content\",\"content\":\"Hel\"}\n\n"),
        };

    /// <summary>The answer of <c>GET /files/{id}</c>.</summary>
    public static JsonObject FileBytes() =>
        new()
        {
            ["description"] = "The file, or the range of it that was asked for.",
            ["content"] = new JsonObject { ["application/octet-stream"] = Binary() },
        };

    private static JsonObject Get(string id, params (string Status, string Text, JsonObject Content)[] answers) =>
        new()
        {
            ["get"] = new JsonObject
            {
                ["operationId"] = id,
                ["tags"] = new JsonArray("system"),
                ["parameters"] = new JsonArray(),
                ["responses"] = new JsonObject(
                    answers.Select(a =>
                        KeyValuePair.Create<string, JsonNode?>(
                            a.Status,
                            new JsonObject { ["description"] = a.Text, ["content"] = a.Content }
                        )
                    )
                ),
            },
        };

    private static JsonObject Json(JsonObject schema, JsonNode? example)
    {
        var content = new JsonObject { ["schema"] = schema.DeepClone() };
        if (example is null)
        {
            content["examples"] = new JsonObject { ["error"] = new JsonObject { ["$ref"] = "#/components/examples/error404" } };
        }
        else
        {
            content["example"] = example.DeepClone();
        }
        return new JsonObject { ["application/json"] = content };
    }

    private static JsonObject Text(string type, string example) =>
        new()
        {
            [type] = new JsonObject { ["schema"] = MemberTable.TypeSchema('s'), ["example"] = example },
        };

    private static JsonObject Binary() =>
        new()
        {
            ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" },
            ["example"] = "the image's bytes",
        };
}
