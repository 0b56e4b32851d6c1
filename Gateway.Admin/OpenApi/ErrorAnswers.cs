using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.OpenApi;

/// <summary>The errors of routes: which statuses a route can answer, and an example of each.</summary>
internal static class ErrorAnswers
{
    private static readonly (string Status, string Text, ApiError Example)[] All =
    [
        ("400", "The request is wrong; details name the members.", ApiError.Validation("email", "email", "must be a valid email address")),
        ("401", "No valid access token.", ApiError.TokenInvalid),
        ("402", "The balance is too low.", ApiError.InsufficientBalance),
        ("403", "Not allowed for this caller.", ApiError.Forbidden),
        ("404", "It does not exist.", ApiError.NotFound("Not found")),
        ("409", "It contradicts what stands.", ApiError.Conflict("It contradicts what stands")),
        ("413", "The body is too large.", ApiError.PayloadTooLarge),
        ("415", "The body has another type.", ApiError.UnsupportedMediaType),
        ("429", "Too many requests; see Retry-After.", ApiError.TooManyRequests),
        ("500", "Our fault.", ApiError.Internal),
        ("502", "LiteLLM or another source failed.", ApiError.Upstream),
        ("503", "The database is away (see Retry-After), or LiteLLM or another source is not configured.", ApiError.DatabaseUnavailable),
        ("504", "LiteLLM or another source did not answer in time.", ApiError.UpstreamTimeout),
    ];

    /// <summary>The schema of all of them.</summary>
    public static JsonObject Schema()
    {
        var schema = MemberTable.Schema("error:s! message:s! detail:s! success:b! code:s! request_id:s!", partial: false);
        schema["properties"]!["details"] = new JsonObject
        {
            ["type"] = "array",
            ["items"] = MemberTable.Schema("field:s! code:s! message:s!", partial: false),
        };
        ((JsonArray)schema["required"]!).Add("details");
        return schema;
    }

    /// <summary>An example for each status, by name.</summary>
    public static JsonObject ExamplesByName() =>
        new(All.Select(e => KeyValuePair.Create<string, JsonNode?>("error" + e.Status, new JsonObject { ["value"] = Body(e.Example) })));

    /// <summary>Adds the errors of a route to its answers.</summary>
    public static void Add(JsonObject responses, DocumentedRoute route)
    {
        var own = AnswerTable.OwnErrors.GetValueOrDefault(route.Key, "").Split(' ');
        foreach (var (status, text, _) in All.Where(e => own.Contains(e.Status) || Follows(e.Status, route)))
        {
            responses[status] = new JsonObject
            {
                ["description"] = text,
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject
                    {
                        ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Error" },
                        ["examples"] = new JsonObject { ["error"] = new JsonObject { ["$ref"] = $"#/components/examples/error{status}" } },
                    },
                },
            };
        }
    }

    private static bool Follows(string status, DocumentedRoute route) =>
        status switch
        {
            "400" or "429" or "500" or "503" => true,
            "401" or "403" => route.Rule is not null,
            "404" => route.HasPathParameters
                || route.Path.Contains("/users/", StringComparison.Ordinal)
                || route.Path is "/me" or "/auth/me",
            "409" => !HttpMethods.IsGet(route.Method),
            "413" or "415" => route.HasBody,
            "502" or "504" => route.Path.Contains("/litellm", StringComparison.Ordinal),
            _ => false,
        };

    private static JsonObject Body(ApiError error) =>
        new()
        {
            ["error"] = error.Text,
            ["message"] = error.Text,
            ["detail"] = error.Text,
            ["success"] = false,
            ["code"] = error.Code,
            ["details"] = new JsonArray([
                .. error.Details.Select(d => new JsonObject
                {
                    ["field"] = d.Field,
                    ["code"] = d.Code,
                    ["message"] = d.Message,
                }),
            ]),
            ["request_id"] = "0HNQ7V1DJJB24:00000001",
        };
}
