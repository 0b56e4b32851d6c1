using System.Collections.Frozen;
using Gateway.Admin.Accounts;
using Gateway.Admin.Catalogue;
using Gateway.Admin.Currencies;
using Gateway.Admin.Quotas;
using Gateway.Admin.Statistics;
using Gateway.Core.Chats;

namespace Gateway.Admin.OpenApi;

/// <summary>
/// What the types of handlers do not tell of answers: which stand in an envelope and under which alias, what untyped handlers send, and
/// which errors are a route's own.
/// </summary>
internal static class AnswerTable
{
    /// <summary>No alias beside <c>data</c>.</summary>
    public const string NoAlias = "-";

    private const string Enveloped = """
        GET /admin/access-tokens access_tokens
        POST /admin/access-tokens access_token
        DELETE /admin/access-tokens/{id} -
        POST /admin/approve/{id} user
        GET /admin/audit-logs audit_logs
        GET /admin/budgets budgets
        POST /admin/budgets budget
        GET /admin/budgets/litellm budgets
        POST /admin/budgets/litellm budget
        PUT /admin/budgets/litellm budget
        GET /admin/budgets/litellm/settings settings
        DELETE /admin/budgets/litellm/{budget_id} -
        GET /admin/budgets/litellm/{budget_id} budget
        POST /admin/budgets/sync -
        GET /admin/budgets/user/{user_id} budgets
        DELETE /admin/budgets/{id} -
        GET /admin/budgets/{id} budget
        PUT /admin/budgets/{id} budget
        GET /admin/companies companies
        POST /admin/companies company
        POST /admin/companies/sync -
        DELETE /admin/companies/{id} -
        GET /admin/companies/{id} company
        PUT /admin/companies/{id} company
        POST /admin/currencies/update-rates -
        GET /admin/deleted deleted
        POST /admin/deleted/{type}/{id}/restore deleted
        GET /admin/events events
        GET /admin/model-configs model_configs
        POST /admin/model-configs model_config
        DELETE /admin/model-configs/{id} -
        GET /admin/model-configs/{id} model_config
        PUT /admin/model-configs/{id} model_config
        GET /admin/models models
        POST /admin/models model
        GET /admin/models/litellm models
        GET /admin/models/litellm/model-group -
        GET /admin/models/litellm/{model_id} model
        POST /admin/models/sync -
        POST /admin/models/sync-model-group -
        DELETE /admin/models/{id} -
        GET /admin/models/{id} model
        PUT /admin/models/{id} model
        GET /admin/usage -
        GET /admin/rate-limits rate_limits
        POST /admin/rate-limits rate_limit
        GET /admin/rate-limits/model/{model_id} rate_limits
        GET /admin/rate-limits/tier/{tier_id} rate_limits
        DELETE /admin/rate-limits/{id} -
        GET /admin/rate-limits/{id} rate_limit
        PUT /admin/rate-limits/{id} rate_limit
        GET /admin/requests -
        GET /admin/requests/model/{model_id} -
        GET /admin/requests/user/{user_id} -
        POST /admin/requests/sync -
        POST /admin/requests/sync/{user_id} -
        GET /admin/settings settings
        PUT /admin/settings settings
        GET /admin/settings/category/{category} settings
        GET /admin/settings/{key} setting
        PUT /admin/settings/{key} setting
        GET /admin/teams teams
        POST /admin/teams team
        DELETE /admin/teams/{id} -
        GET /admin/teams/{id} team
        PUT /admin/teams/{id} team
        GET /admin/tiers tiers
        POST /admin/tiers tier
        DELETE /admin/tiers/{id} -
        GET /admin/tiers/{id} tier
        PUT /admin/tiers/{id} tier
        GET /admin/transactions transactions
        PUT /admin/transactions/{id} transaction
        DELETE /admin/upload/logo -
        GET /admin/users users
        POST /admin/users user
        DELETE /admin/users/{id} -
        GET /admin/users/{id} user
        PUT /admin/users/{id} user
        GET /admin/users/{id}/api-keys api_keys
        POST /admin/users/{id}/approve user
        POST /admin/users/{user_id}/transactions transaction
        GET /companies companies
        GET /companies/{id} company
        GET /companies/{id}/models models
        GET /currencies currencies
        GET /currencies/exchange-rates exchange_rates
        POST /currencies/update-rates -
        GET /models models
        GET /models/{id} model
        GET /rate-limits rate_limits
        GET /requests -
        GET /requests/{id} request
        GET /tiers tiers
        """;

    /// <summary>The alias of each route whose answer stands in an envelope, by method and path; PATCH is as PUT.</summary>
    public static FrozenDictionary<string, string> Aliases { get; } =
        Enveloped
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToFrozenDictionary(l => l[..l.LastIndexOf(' ')], l => l[(l.LastIndexOf(' ') + 1)..]);

    /// <summary>
    /// What handlers send whose type does not say it; a read-only list in an envelope has the numbers of its page beside it.
    /// </summary>
    public static FrozenDictionary<string, Type> Types { get; } =
        new Dictionary<string, Type>
        {
            ["GET /companies"] = typeof(IReadOnlyList<CompanyResponse>),
            ["GET /admin/companies"] = typeof(IReadOnlyList<CompanyResponse>),
            ["GET /companies/{id}"] = typeof(CompanyResponse),
            ["GET /admin/companies/{id}"] = typeof(CompanyResponse),
            ["GET /companies/{id}/models"] = typeof(IReadOnlyList<ModelResponse>),
            ["GET /models"] = typeof(IReadOnlyList<ModelResponse>),
            ["GET /models/{id}"] = typeof(ModelResponse),
            ["GET /tiers"] = typeof(IReadOnlyList<TierResponse>),
            ["GET /rate-limits"] = typeof(IReadOnlyList<RateLimitResponse>),
            ["GET /currencies"] = typeof(IReadOnlyList<CurrencyResponse>),
            ["GET /llm/models"] = typeof(LlmModelsResponse),
            ["POST /llm/chat/{chat_id}/message"] = typeof(AnsweredMessage),
            ["POST /profile/analyze/{chat_id}"] = typeof(ProfileAnalysis),
            ["GET /admin/litellm/global/spend/logs"] = typeof(List<SpendDayResponse>),
            ["GET /admin/litellm/users/info"] = typeof(LiteLlmUserShape),
            ["POST /admin/litellm/users/keys"] = typeof(LiteLlmNewKeyShape),
            ["GET /admin/litellm/models/info"] = typeof(LiteLlmInfoShape),
        }.ToFrozenDictionary();

    /// <summary>Lists that are paged without an envelope.</summary>
    public static FrozenSet<string> PagedBare { get; } =
        new[]
        {
            "GET /transactions",
            "GET /chats",
            "GET /chats/{id}/messages",
            "GET /files",
            "GET /users/{user_id}/requests",
            "GET /requests",
            "GET /admin/requests",
            "GET /admin/requests/model/{model_id}",
            "GET /admin/requests/user/{user_id}",
        }.ToFrozenSet();

    /// <summary>Routes that answer 200 although they are POST: they act on what is there.</summary>
    public static FrozenSet<string> ActingPosts { get; } =
        new[]
        {
            "/auth/login",
            "/auth/refresh",
            "/auth/logout",
            "/auth/session",
            "/auth/session/refresh",
            "/users/me/password",
            "/users/{user_id}/tier/check",
            "/api-keys/{key_id}/rotate",
            "/currencies/convert",
            "/currencies/update-rates",
            "/admin/currencies/update-rates",
            "/admin/models/sync",
            "/admin/models/sync-model-group",
            "/admin/companies/sync",
            "/admin/budgets/sync",
            "/admin/requests/sync",
            "/admin/requests/sync/{user_id}",
            "/admin/litellm/test-connection",
            "/admin/users/{id}/approve",
            "/admin/approve/{id}",
            "/admin/upload/logo",
            "/llm/chat/{chat_id}/message",
            "/llm/chat/{chat_id}/message/stream",
            "/profile/analyze/{chat_id}",
            "/chats/restore",
            "/chats/delete",
            "/chats/{id}/favorite",
            "/chats/{id}/restore",
            "/admin/deleted/{type}/{id}/restore",
        }.ToFrozenSet();

    /// <summary>Public lists that answer 304 to <c>If-None-Match</c>.</summary>
    public static FrozenSet<string> Revalidated { get; } =
        new[]
        {
            "/companies",
            "/companies/{id}",
            "/companies/{id}/models",
            "/models",
            "/models/{id}",
            "/tiers",
            "/rate-limits",
            "/currencies",
            "/currencies/exchange-rates",
            "/llm/models",
        }.ToFrozenSet();

    /// <summary>Errors of single routes beside those that follow from what a route is: parameters, a body, a caller.</summary>
    public static FrozenDictionary<string, string> OwnErrors { get; } =
        new Dictionary<string, string>
        {
            ["POST /auth/register"] = "403",
            ["POST /auth/login"] = "401 403",
            ["POST /auth/refresh"] = "401 403",
            ["POST /auth/logout"] = "401",
            ["POST /auth/session"] = "401 403",
            ["POST /auth/session/refresh"] = "401 403",
            ["DELETE /auth/session"] = "403",
            ["GET /currencies/exchange-rates"] = "404",
            ["POST /currencies/convert"] = "404",
            ["POST /currencies/update-rates"] = "502 503 504",
            ["POST /admin/currencies/update-rates"] = "502 503 504",
            ["POST /admin/users"] = "404",
            ["POST /admin/models"] = "404",
            ["POST /admin/model-configs"] = "404",
            ["POST /admin/rate-limits"] = "404",
            ["POST /admin/budgets"] = "404",
            ["POST /admin/users/{user_id}/transactions"] = "402",
            ["POST /users/{user_id}/api-keys"] = "502 504",
            ["POST /api-keys/{key_id}/rotate"] = "502 504",
            ["PUT /admin/models/litellm"] = "404",
            ["PUT /admin/litellm/models"] = "404",
            ["PUT /admin/budgets/litellm"] = "404",
            ["POST /admin/upload/logo"] = "413 415",
            ["POST /files/upload"] = "404 413 415",
            ["POST /chats"] = "404",
            ["POST /llm/chat/{chat_id}/message"] = "402 502 504",
            ["POST /llm/chat/{chat_id}/message/stream"] = "402 502 504",
            ["GET /stream/chat/{session_id}"] = "402 409 502 504",
            ["POST /profile/analyze/{chat_id}"] = "402 502 504",
            ["GET /profile"] = "404",
            ["PUT /profile"] = "404",
            ["POST /admin/models/sync"] = "502 503 504",
            ["POST /admin/models/sync-model-group"] = "502 503 504",
            ["POST /admin/companies/sync"] = "502 503 504",
            ["POST /admin/budgets/sync"] = "502 503 504",
            ["POST /admin/requests/sync"] = "502 503 504",
            ["POST /admin/requests/sync/{user_id}"] = "502 503 504",
        }.ToFrozenDictionary();
}
