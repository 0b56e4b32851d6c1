using System.Collections.Frozen;

namespace Gateway.Answers;

/// <summary>
/// The HTTP status that an error's word stands for, as data. Asked when an error stands in an answer with status 200, where the word is all
/// there is: SDKs and tools choose by status whether to try again, to shorten the conversation or to give up. Words are compared without
/// case, and without what is no letter or digit.
/// </summary>
internal static class ErrorWords
{
    private static readonly (int Status, string Reason, string[] Words)[] Table =
    [
        (
            400,
            "The request is wrong and stays wrong.",
            [
                "invalid_request_error",
                "invalid_request",
                "invalid_parameter",
                "invalid_parameter_error",
                "invalid_parameter_value",
                "bad_request",
                "bad_request_error",
                "validation_error",
                "ValidationException",
                "invalid_argument",
                "failed_precondition",
                "out_of_range",
                "invalid_value",
                "missing",
                "missing_required_parameter",
                "unknown_parameter",
                "unsupported_parameter",
                "unsupported_value",
                "UnsupportedParamsError",
                "invalid_json",
                "parse_error",
                "json_validate_failed",
                "tool_use_failed",
                "invalid_type",
                "wrong_api_format",
                "invalid_prompt",
                "invalid_image",
                "invalid_image_url",
                "invalid_base64",
                "array_above_max_length",
                "InvalidRequestError",
                "InvalidParameter",
                "1210",
                "1212",
                "1213",
                "1214",
                "base_resp2013",
            ]
        ),
        (
            400,
            "The prompt does not fit: a tool has to shorten it, and must not try again as it is.",
            [
                "context_length_exceeded",
                "context_window_exceeded",
                "ContextWindowExceededError",
                "exceed_context_size_error",
                "string_above_max_length",
                "max_tokens_exceeded",
                "input_too_long",
                "prompt_too_long",
                "model_max_prompt_tokens_exceeded",
                "1261",
                "base_resp1042",
            ]
        ),
        (
            400,
            "The provider's filter refused the content.",
            [
                "content_filter",
                "content_filtered",
                "content_policy_violation",
                "ContentPolicyViolationError",
                "ResponsibleAIPolicyViolation",
                "moderation_blocked",
                "data_inspection_failed",
                "DataInspectionFailed",
                "sensitive",
                "safety",
                "prohibited_content",
                "1301",
                "base_resp1026",
                "base_resp1027",
            ]
        ),
        (
            401,
            "The provider refuses the gateway's credential.",
            [
                "invalid_api_key",
                "incorrect_api_key",
                "api_key_invalid",
                "invalid_authentication",
                "invalid_authentication_error",
                "authentication_error",
                "AuthenticationError",
                "unauthenticated",
                "unauthorized",
                "invalid_token",
                "token_expired",
                "auth_error",
                "UnrecognizedClientException",
                "ExpiredTokenException",
                "InvalidSignatureException",
                "MissingAuthenticationTokenException",
                "InvalidApiKey",
                "1000",
                "1001",
                "1002",
                "1003",
                "1004",
                "base_resp1004",
                "base_resp2049",
            ]
        ),
        (
            402,
            "The gateway's account there has no money left.",
            ["payment_required", "insufficient_balance", "insufficient_credits", "Arrearage", "base_resp1008"]
        ),
        (
            403,
            "The provider does not let the gateway's account do it.",
            [
                "permission_error",
                "permission_denied",
                "PermissionDeniedError",
                "access_denied",
                "AccessDenied",
                "AccessDeniedException",
                "forbidden",
                "access_terminated",
                "account_deactivated",
                "unsupported_country_region_territory",
                "1220",
            ]
        ),
        (
            404,
            "The provider does not know the model, or what the request names.",
            [
                "model_not_found",
                "model_not_found_error",
                "not_found",
                "not_found_error",
                "NotFoundError",
                "resource_not_found",
                "ResourceNotFoundException",
                "deployment_not_found",
                "DeploymentNotFound",
                "model_not_supported",
                "ModelNotFound",
                "invalid_model",
                "unknown_model",
                "1211",
            ]
        ),
        (408, "The request took too long.", ["request_timeout", "timeout", "RequestTimeout", "APITimeoutError", "ModelTimeoutException"]),
        (409, "It clashes with another one.", ["conflict", "conflict_error", "aborted", "already_exists"]),
        (
            413,
            "The request is too large to be taken.",
            ["request_too_large", "payload_too_large", "RequestEntityTooLarge", "request_entity_too_large"]
        ),
        (415, "The kind of body is not taken.", ["unsupported_media_type"]),
        (422, "The request is readable and makes no sense.", ["unprocessable_entity", "UnprocessableEntityError", "generation_error"]),
        (424, "The model broke at the provider.", ["ModelErrorException"]),
        (
            429,
            "Too many calls or tokens: trying again later helps.",
            [
                "rate_limit_exceeded",
                "rate_limit_error",
                "rate_limit_reached_error",
                "RateLimitError",
                "rate_limited",
                "rate_limit",
                "too_many_requests",
                "throttling",
                "throttling_error",
                "ThrottlingException",
                "requests_limit_exceeded",
                "tokens_limit_exceeded",
                "limit_requests",
                "limit_burst_rate",
                "resource_exhausted",
                "tokens",
                "requests",
                "ModelNotReadyException",
                "ServiceQuotaExceededException",
                "engine_overloaded_error",
                "1302",
                "1303",
                "1304",
                "1305",
                "1308",
                "base_resp1002",
                "base_resp1039",
            ]
        ),
        (
            429,
            "OpenAI's status for an account whose quota is used up.",
            [
                "insufficient_quota",
                "exceeded_current_quota_error",
                "quota_exceeded",
                "billing_hard_limit_reached",
                "billing_not_active",
                "1113",
            ]
        ),
        (499, "The provider was told to stop.", ["cancelled", "canceled", "request_cancelled"]),
        (
            500,
            "The provider broke.",
            [
                "server_error",
                "internal_server_error",
                "InternalServerError",
                "internal_error",
                "internal",
                "api_error",
                "APIError",
                "unknown_error",
                "unknown",
                "data_loss",
                "InternalFailure",
                "InternalServerException",
                "ModelStreamErrorException",
                "inference_error",
                "worker_error",
                "base_resp1000",
                "base_resp1013",
                "base_resp1033",
            ]
        ),
        (501, "The provider cannot do it.", ["not_implemented", "not_implemented_error", "unimplemented", "not_supported_error"]),
        (
            502,
            "The provider's own upstream broke.",
            ["bad_gateway", "upstream_error", "provider_error", "bad_response", "APIConnectionError"]
        ),
        (
            503,
            "The provider is busy or away: trying again later helps.",
            [
                "service_unavailable",
                "service_unavailable_error",
                "ServiceUnavailableError",
                "ServiceUnavailableException",
                "unavailable",
                "unavailable_error",
                "overloaded",
                "engine_overloaded",
                "model_overloaded",
                "capacity_exceeded",
                "no_capacity",
                "model_loading",
                "MidStreamFallbackError",
            ]
        ),
        (
            504,
            "The provider's answer did not come in time.",
            ["deadline_exceeded", "gateway_timeout", "timeout_error", "upstream_timeout", "base_resp1001"]
        ),
        (529, "Anthropic's status for too much traffic.", ["overloaded_error"]),
    ];

    private static readonly FrozenDictionary<string, int> ByWord = Table
        .SelectMany(row => row.Words.Select(word => (Word: Plain(word), row.Status)))
        .DistinctBy(entry => entry.Word)
        .ToFrozenDictionary(entry => entry.Word, entry => entry.Status);

    /// <summary>
    /// The status of a code or type; null for a word that is not known. Of DashScope's and Alibaba's dotted words the first part counts
    /// too.
    /// </summary>
    public static int? StatusOf(string? word)
    {
        if (word is null or { Length: > 100 })
        {
            return null;
        }
        return ByWord.TryGetValue(Plain(word), out var status) ? status
            : word.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 && ByWord.TryGetValue(Plain(word[..dot]), out status) ? status
            : null;
    }

    private static string Plain(string word) => string.Concat(word.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
