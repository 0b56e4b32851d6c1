using System.Text.Json.Nodes;

namespace Gateway.Admin.OpenApi;

/// <summary>Makes an example of any schema: a value for each member by its name, so that all examples tell one story.</summary>
internal sealed class Examples(JsonObject schemas)
{
    private const int Deepest = 8;
    private const string Id = "01980a3c-5d1e-7c55-b0a4-6f2d1c9e8b70";
    private const string Time = "2026-01-05T10:00:00Z";

    private static readonly Dictionary<string, string> ByName = new()
    {
        ["email"] = "ann@example.com",
        ["password"] = "correct horse",
        ["old_password"] = "correct horse",
        ["new_password"] = "battery staple",
        ["username"] = "ann",
        ["name"] = "Ann",
        ["first_name"] = "Ann",
        ["firstName"] = "Ann",
        ["last_name"] = "Lee",
        ["lastName"] = "Lee",
        ["phone"] = "+1 555 0100",
        ["tier_name"] = "free",
        ["role"] = "customer",
        ["token"] = "eyJhbGciOiJIUzI1NiJ9...",
        ["access_token"] = "eyJhbGciOiJIUzI1NiJ9...",
        ["refresh_token"] = "eyJhbGciOiJIUzI1NiJ9...",
        ["token_type"] = "bearer",
        ["free_tier_status"] = "approved",
        ["billing_mode"] = "postpaid",
        ["description"] = "For tests",
        ["message"] = "Done",
        ["currency"] = "USD",
        ["from_currency"] = "USD",
        ["to_currency"] = "RUB",
        ["symbol"] = "$",
        ["budget_duration"] = "monthly",
        ["status"] = "completed",
        ["mode"] = "chat",
        ["scope"] = "user",
        ["source"] = "admin",
        ["provider"] = "openai",
        ["model"] = "gpt-4o",
        ["model_name"] = "gpt-4o",
        ["model_group"] = "gpt-4o",
        ["model_used"] = "gpt-4o",
        ["primary_model"] = "gpt-4o",
        ["external_id"] = "gpt-4o",
        ["features"] = "Vision, Tools",
        ["providers"] = "[\"openai\"]",
        ["supported_openai_params"] = "[\"temperature\",\"tools\"]",
        ["logo_url"] = "/uploads/logos/5f0c7a7e-6f0e-4f43-9a59-0f2c7f7a9f11_1767607200.svg",
        ["url"] = "/uploads/logos/5f0c7a7e-6f0e-4f43-9a59-0f2c7f7a9f11_1767607200.svg",
        ["api_key"] = "sk-hub-...",
        ["api_key_preview"] = "sk-hu...x9f2q",
        ["key"] = "sk-...",
        ["key_alias"] = "ci",
        ["key_name"] = "sk-...x9f2",
        ["call_type"] = "acompletion",
        ["price_source"] = "admin",
        ["date"] = "2026-01-05",
        ["period"] = "month",
        ["category"] = "billing",
        ["type"] = "usage",
        ["action"] = "user.updated",
        ["entity_type"] = "user",
        ["ip"] = "192.0.2.10",
        ["actor_role"] = "admin",
        ["object"] = "model",
        ["owned_by"] = "openai",
        ["gateway"] = "OneUIHub",
        ["tier"] = "paid",
        ["cache_hit"] = "False",
        ["allowed_ips"] = "10.0.0.0/8",
        ["models"] = "gpt-4o",
        ["aliases"] = "gpt-4o-latest",
        ["capabilities"] = "text",
        ["admin_rates"] = "input",
        ["base_url"] = "http://litellm:4000",
        ["payment_provider"] = "manual",
        ["payment_id"] = "2026-0001",
        ["value"] = "100.0",
    };

    // Where a name means something else.
    private static readonly Dictionary<string, string> ByPlace = new()
    {
        ["RateLimit.mode"] = "enforce",
        ["Budget.mode"] = "enforce",
        ["/admin/rate-limits.mode"] = "enforce",
        ["/admin/budgets.mode"] = "enforce",
        ["Setting.type"] = "number",
        ["Setting.key"] = "default_monthly_budget",
        ["Event.type"] = "budget.threshold",
        ["/admin/access-tokens.role"] = "support",
        ["MachineToken.role"] = "support",
        ["CreatedMachineToken.role"] = "support",
        ["LiteLlmBudget.source"] = "litellm",
        ["HistoryRow.status"] = "success",
        ["/admin/users/{user_id}/transactions.type"] = "deposit",
        ["Tier.name"] = "Free",
        ["AdminTier.name"] = "Free",
        ["Company.name"] = "OpenAI",
        ["Model.name"] = "gpt-4o",
        ["BriefModel.name"] = "gpt-4o",
        ["/admin/models.name"] = "gpt-4o",
        ["/admin/companies.name"] = "OpenAI",
        ["/admin/tiers.name"] = "Pro",
        ["/admin/teams.name"] = "Research",
        ["Team.name"] = "Research",
        ["Currency.name"] = "US Dollar",
        ["Company.external_id"] = "openai",
        ["ApiKey.name"] = "ci",
        ["CreatedApiKey.name"] = "ci",
        ["/users/{user_id}/api-keys.name"] = "ci",
        ["ConnectionProbe.error"] = "ConnectionError",
        ["/admin/litellm/test-connection.api_key"] = "sk-...",
    };

    /// <summary>An example of a schema.</summary>
    /// <param name="schema">The schema, or a reference to one.</param>
    /// <param name="place">Whose it is: a component or a path; names mean different things in different places.</param>
    public JsonNode? Of(JsonNode? schema, string place) => Of(schema as JsonObject ?? [], place, "", 0);

    private JsonNode? Of(JsonObject schema, string place, string name, int depth)
    {
        if (schema["$ref"] is { } reference)
        {
            var component = ((string)reference!).Split('/')[^1];
            return depth > Deepest ? new JsonObject() : Of((JsonObject)schemas[component]!, component, "", depth + 1);
        }
        if (schema["anyOf"] is JsonArray choices)
        {
            return Of((JsonObject)choices[0]!, place, name, depth);
        }
        return (string?)schema["type"] switch
        {
            "object" => Members(schema, place, name, depth),
            "array" => new JsonArray(Of(schema["items"] as JsonObject ?? [], place, name, depth + 1)),
            "string" => Text(schema, place, name),
            "integer" => name switch
            {
                "limit" => 50,
                "page" => 1,
                "offset" => 0,
                _ when name.Contains("tokens", StringComparison.Ordinal) => 1_000,
                _ => 1,
            },
            "number" => name.EndsWith("token_cost", StringComparison.Ordinal) || name.EndsWith("per_token", StringComparison.Ordinal)
                ? 0.0000025m
            : name == "rate" ? 95.0m
            : 1.5m,
            "boolean" => name is not ("has_more" or "is_free" or "is_guest" or "blocked" or "all" or "has_prev"),
            "null" => null,
            _ => new JsonObject(),
        };
    }

    private JsonObject Members(JsonObject schema, string place, string name, int depth)
    {
        var members = new JsonObject();
        foreach (var (member, type) in schema["properties"] as JsonObject ?? [])
        {
            members[member] = member == "success" ? true : Of((JsonObject)type!, place, member, depth + 1);
        }
        if (schema["additionalProperties"] is JsonObject value && members.Count == 0)
        {
            var key = name switch
            {
                "rates" => "input",
                "" => "default_monthly_budget",
                _ => "gpt-4o",
            };
            members[key] =
                Of(value, place, key, depth + 1) is JsonObject { Count: 0 } && name.Length == 0 ? 100 : Of(value, place, key, depth + 1);
        }
        return members;
    }

    private static string Text(JsonObject schema, string place, string name) =>
        (string?)schema["format"] == "date-time"
            ? Time
            : ByPlace.GetValueOrDefault($"{place}.{name}")
                ?? ByName.GetValueOrDefault(name)
                ?? (
                    name == "id" || name.EndsWith("_id", StringComparison.Ordinal) ? Id
                    : name is "from" or "to" || name.EndsWith("_date", StringComparison.Ordinal) ? "2026-01-05"
                    : "text"
                );
}
