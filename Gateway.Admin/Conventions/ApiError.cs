using System.Text.Json;

namespace Gateway.Admin.Conventions;

/// <summary>
/// A refusal or failure as every client of <c>/api/v1</c> reads it, see <see cref="ErrorResponse"/>. Carries nothing internal.
/// </summary>
internal sealed record ApiError(int Status, string Code, string Text) : IResult
{
    public static readonly ApiError InvalidJson = new(400, "invalid_json", "Invalid JSON");
    public static readonly ApiError NothingToUpdate = new(400, "nothing_to_update", "Nothing to update");
    public static readonly ApiError ModelNotChat = new(400, "model_not_chat", "The model does not chat");
    public static readonly ApiError EmailTaken = new(400, "email_taken", "Email is already taken");
    public static readonly ApiError UsernameTaken = new(400, "username_taken", "Username is already taken");
    public static readonly ApiError PhoneTaken = new(400, "phone_taken", "Phone is already taken");

    public static readonly ApiError UnknownTier = new(400, "tier_not_found", "Tier not found");
    public static readonly ApiError UnsupportedPeriod = new(
        400,
        "unsupported_period",
        "Unsupported period: day, week or month is expected"
    );

    public static readonly ApiError AuthorizationRequired = new(401, "authorization_required", "Authorization header required");
    public static readonly ApiError AuthorizationMalformed = new(401, "authorization_malformed", "Invalid authorization header format");
    public static readonly ApiError TokenInvalid = new(401, "token_invalid", "Invalid token");
    public static readonly ApiError TokenExpired = new(401, "token_expired", "Invalid token");
    public static readonly ApiError TokenRevoked = new(401, "token_revoked", "Invalid token");
    public static readonly ApiError InvalidCredentials = new(401, "invalid_credentials", "Invalid credentials");
    public static readonly ApiError RefreshFailed = new(401, "refresh_failed", "Failed to refresh token");
    public static readonly ApiError RefreshTokenReused = new(401, "refresh_token_reused", "Failed to refresh token");

    public static readonly ApiError InsufficientBalance = new(402, "insufficient_balance", "Insufficient balance");

    public static readonly ApiError RegistrationDisabled = new(403, "registration_disabled", "Registration is disabled");
    public static readonly ApiError TierNotAllowed = new(403, "tier_not_allowed", "This tier is not open for registration");
    public static readonly ApiError Forbidden = new(403, "forbidden", "Insufficient permissions");
    public static readonly ApiError ModelDisabled = new(403, "model_disabled", "The model is disabled");
    public static readonly ApiError AccountInactive = new(403, "account_inactive", "User account is inactive");
    public static readonly ApiError ApprovalRequired = new(403, "approval_required", "Account approval required");

    public static readonly ApiError NoAccount = new(403, "no_account", "The token is good, but there is no account here for its user");

    public static readonly ApiError BudgetAboveAdminLimit = new(
        403,
        "budget_above_admin_limit",
        "The budget is above the limit that an admin set"
    );

    public static readonly ApiError UserNotFound = new(404, "user_not_found", "User not found");
    public static readonly ApiError TierNotFound = new(404, "tier_not_found", "Tier not found");
    public static readonly ApiError ModelNotFound = new(404, "model_not_found", "Model not found");
    public static readonly ApiError CompanyNotFound = new(404, "company_not_found", "Company not found");
    public static readonly ApiError BudgetNotFound = new(404, "budget_not_found", "Budget not found");
    public static readonly ApiError ChatNotFound = new(404, "chat_not_found", "Chat not found");
    public static readonly ApiError FileNotFound = new(404, "file_not_found", "File not found");
    public static readonly ApiError ExchangeRateNotFound = new(404, "exchange_rate_not_found", "Exchange rate not found");
    public static readonly ApiError RouteNotFound = new(404, "route_not_found", "Route not found");

    public static readonly ApiError MethodNotAllowed = new(405, "method_not_allowed", "Method not allowed");
    public static readonly ApiError PayloadTooLarge = new(413, "payload_too_large", "Payload too large");
    public static readonly ApiError UnsupportedMediaType = new(
        415,
        "unsupported_media_type",
        "Unsupported media type: application/json is expected"
    );

    public static readonly ApiError ExternalIdTaken = new(409, "external_id_taken", "The external id is already taken");
    public static readonly ApiError CompanyHasModels = new(409, "company_has_models", "The company has models");
    public static readonly ApiError NameTaken = new(409, "name_taken", "Name is already taken");
    public static readonly ApiError TierInUse = new(409, "tier_in_use", "The tier has users");
    public static readonly ApiError TeamInUse = new(409, "team_in_use", "The team has members");
    public static readonly ApiError RateLimitExists = new(409, "rate_limit_exists", "A rate limit for this scope and model exists already");
    public static readonly ApiError LastAdmin = new(409, "last_admin", "The last active admin must stay one");

    public static readonly ApiError TooManyRequests = new(429, "too_many_requests", "Too many requests");

    public static readonly ApiError Internal = new(500, "internal_error", "Internal server error");
    public static readonly ApiError Upstream = new(502, "upstream_error", "Upstream error");
    public static readonly ApiError LiteLlmNotConfigured = new(503, "litellm_not_configured", "LiteLLM is not configured");
    public static readonly ApiError ExchangeRateKeyMissing = new(503, "exchange_rate_key_missing", "The key for exchange rates is not set");
    public static readonly ApiError DatabaseUnavailable = new(503, "not_ready", "The database is unavailable. Try again in a moment");
    public static readonly ApiError IssuerUnavailable = new(
        503,
        "issuer_unavailable",
        "The identity provider's signing keys are currently unavailable"
    );
    public static readonly ApiError UpstreamTimeout = new(504, "upstream_timeout", "Upstream timeout");

    /// <summary>The members that are at fault; empty unless the code is <c>validation_failed</c> or <c>limit_set_by_admin</c>.</summary>
    public IReadOnlyList<InvalidMember> Details { get; init; } = [];

    public static ApiError UrlTooLong(int limit) => new(414, "uri_too_long", $"The URL is longer than {limit} bytes");

    public static ApiError UnknownGroup(string reason) => new(403, "unknown_group", reason);

    public static ApiError NotFound(string text) => new(404, "not_found", text);

    public static ApiError Conflict(string text) => new(409, "conflict", text);

    // A member that two readers ask for is told once.
    public static ApiError Validation(IReadOnlyList<InvalidMember> members)
    {
        var told = members.Distinct().ToList();
        return new(400, "validation_failed", string.Join("; ", told.Select(m => $"{m.Field}: {m.Message}"))) { Details = told };
    }

    public static ApiError Validation(string field, string code, string message) => Validation([new InvalidMember(field, code, message)]);

    /// <summary>An owner would loosen or remove what an admin limited.</summary>
    public static ApiError SetByAdmin(IReadOnlyList<InvalidMember> members) =>
        new(403, "limit_set_by_admin", string.Join("; ", members.Select(m => $"{m.Field}: {m.Message}"))) { Details = members };

    public Task ExecuteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        if (this == DatabaseUnavailable)
        {
            http.Response.Headers.RetryAfter = "1";
        }
        if (Status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }
        return http.WriteJsonAsync(writer =>
            JsonSerializer.Serialize(writer, ErrorResponse.Of(this, http.TraceIdentifier), ApiJson.Options)
        );
    }
}
