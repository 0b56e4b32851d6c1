using Gateway.Calls;

namespace Gateway.Chats;

/// <summary>Says in the words of <c>/api/v1</c> what the stages say in those of <c>/v1</c>.</summary>
internal static class ChatFaults
{
    private const string ContentFilter = "content_filter";
    private const string BalanceScope = "balance";

    /// <summary>What the stages refused.</summary>
    public static ChatFault Of(Refusal refusal) =>
        refusal.Code switch
        {
            "insufficient_quota" => refusal.Details?.Scope == BalanceScope
                ? new ChatFault(402, "insufficient_balance", "Insufficient balance")
                : new ChatFault(402, "budget_exceeded", "Budget exceeded"),
            "rate_limit_exceeded" => new ChatFault(
                429,
                refusal.Details?.Kind == "tokens_per_month" ? "monthly_token_limit_exceeded" : refusal.Code,
                refusal.Message
            )
            {
                RetryAfterSeconds = refusal.RetryAfterSeconds ?? 60,
            },
            "invalid_api_key" or "invalid_token" or "api_key_revoked" or "api_key_expired" or "several_credentials" =>
                ChatFault.TokenInvalid,
            "model_not_found" => ChatFault.ModelNotFound,
            "model_disabled" => ChatFault.ModelDisabled,
            "upstream_timeout" => ChatFault.UpstreamTimeout,
            "upstream_refused" or "upstream_unreachable" or "upstream_invalid_response" or "upstream_truncated" => ChatFault.Upstream,
            "internal_error" => ChatFault.Internal,
            _ when refusal.Status == StatusCodes.Status401Unauthorized => ChatFault.TokenInvalid,
            _ => new ChatFault(refusal.Status, refusal.Code, refusal.Message) { RetryAfterSeconds = refusal.RetryAfterSeconds },
        };

    /// <summary>What the upstream answered. Its faults are no fault of the client's, and their words are not shown.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="code">Its code.</param>
    /// <param name="message">Its sentence.</param>
    public static ChatFault OfUpstream(int status, string? code, string message) =>
        code == ContentFilter || code == "content_policy_violation" ? new ChatFault(400, "content_filtered", message)
        : status == StatusCodes.Status429TooManyRequests ? new ChatFault(429, "rate_limit_exceeded", message) { RetryAfterSeconds = 1 }
        : status is StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout ? ChatFault.UpstreamTimeout
        : status is >= 400 and < 500 ? new ChatFault(400, "upstream_error", message)
        : ChatFault.Upstream;
}
