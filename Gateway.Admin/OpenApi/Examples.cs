using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Admin.OpenApi;

/// <summary>Makes an example of any answer: a value for each member by its name, so that all examples tell one story.</summary>
internal sealed class Examples(IDictionary<string, IOpenApiSchema> schemas)
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
        ["Setting.type"] = "number",
        ["Setting.key"] = "default_monthly_budget",
        ["Event.type"] = "budget.threshold",
        ["MachineToken.role"] = "support",
        ["CreatedMachineToken.role"] = "support",
        ["LiteLlmBudget.source"] = "litellm",
        ["HistoryRow.status"] = "success",
        ["Tier.name"] = "Free",
        ["AdminTier.name"] = "Free",
        ["Company.name"] = "OpenAI",
        ["Model.name"] = "gpt-4o",
        ["BriefModel.name"] = "gpt-4o",
        ["Team.name"] = "Research",
        ["Currency.name"] = "US Dollar",
        ["Company.external_id"] = "openai",
        ["ApiKey.name"] = "ci",
        ["CreatedApiKey.name"] = "ci",
        ["ConnectionProbe.error"] = "ConnectionError",
    };

    /// <summary>Adds an example to every answer that has none.</summary>
    public static Task AddAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var examples = new Examples(document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>());
        var contents = document
            .Paths.Values.SelectMany(p => p.Operations!.Values)
            .SelectMany(o => o.Responses!.Values)
            .Where(r => r is OpenApiResponse { Content: not null })
            .SelectMany(r => r.Content!.Values);
        foreach (var media in contents.Where(m => m is { Example: null, Schema: not null }))
        {
            media.Example = examples.Of(media.Schema!, "", "", 0);
        }
        return Task.CompletedTask;
    }

    private JsonNode? Of(IOpenApiSchema schema, string place, string name, int depth)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } component })
        {
            return depth > Deepest ? new JsonObject() : Of(schemas[component], component, "", depth + 1);
        }
        if ((schema.AnyOf ?? schema.OneOf) is { Count: > 0 } choices)
        {
            return Of(choices.First(c => c is not OpenApiSchema { Type: JsonSchemaType.Null }), place, name, depth);
        }
        return (schema.Type & ~JsonSchemaType.Null) switch
        {
            JsonSchemaType.Object => Members(schema, place, name, depth),
            JsonSchemaType.Array => new JsonArray(Of(schema.Items ?? new OpenApiSchema(), place, name, depth + 1)),
            JsonSchemaType.String => Text(schema, place, name),
            JsonSchemaType.Integer => name switch
            {
                "limit" => 50,
                "page" => 1,
                "offset" => 0,
                _ when name.Contains("tokens", StringComparison.Ordinal) => 1_000,
                _ => 1,
            },
            JsonSchemaType.Number => name.EndsWith("token_cost", StringComparison.Ordinal)
            || name.EndsWith("per_token", StringComparison.Ordinal)
                ? 0.0000025m
            : name == "rate" ? 95.0m
            : 1.5m,
            JsonSchemaType.Boolean => name is not ("has_more" or "is_free" or "is_guest" or "blocked" or "all" or "has_prev"),
            null => new JsonObject(),
            _ => null,
        };
    }

    private JsonObject Members(IOpenApiSchema schema, string place, string name, int depth)
    {
        var members = new JsonObject();
        foreach (var (member, type) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            members[member] = member == "success" ? true : Of(type, place, member, depth + 1);
        }
        if (schema.AdditionalProperties is { } value && members.Count == 0)
        {
            var key = name == "rates" ? "input" : "gpt-4o";
            members[key] = Of(value, place, key, depth + 1);
        }
        return members;
    }

    private static string Text(IOpenApiSchema schema, string place, string name) =>
        schema.Format == "date-time"
            ? Time
            : ByPlace.GetValueOrDefault($"{place}.{name}")
                ?? ByName.GetValueOrDefault(name)
                ?? (
                    name == "id" || name.EndsWith("_id", StringComparison.Ordinal) ? Id
                    : name is "from" or "to" || name.EndsWith("_date", StringComparison.Ordinal) ? "2026-01-05"
                    : "text"
                );
}
