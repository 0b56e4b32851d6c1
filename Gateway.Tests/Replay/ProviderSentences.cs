namespace Gateway.Tests.Replay;

/// <summary>
/// What a client may read of each recorded error: the provider's own sentence (or LiteLLM's, where the error is its own), without class
/// names, model groups, fallbacks, key hashes and hints to LiteLLM's operator. By hand, so that no reader of the product is its own
/// witness.
/// </summary>
internal static class ProviderSentences
{
    private const string NotServed = "The upstream does not serve this model.";
    private const string NoDeployment = "The upstream has no deployment available for this model. Try again later.";
    private const string RateLimit = "The upstream's rate limit is reached. Try again later.";
    private const string ServerError = "The server had an error while processing your request.";
    private const string ProviderRate =
        "Rate limit reached for mock in organization org-mock on requests per min (RPM): Limit 3, Used 3, Requested 1.";
    private const string TimedOut = "Request timed out.";
    private const string ConnectionError = "Connection error.";

    private static readonly Dictionary<string, string> ByName = new()
    {
        ["1.81.13/completions-unknown-model"] = NotServed,
        ["1.81.13/error-array-body"] = "The upstream answered with status 500.",
        ["1.81.13/error-empty-body"] = NotServed,
        ["1.81.13/error-missing-messages"] = "Router.acompletion() missing 1 required positional argument: 'messages'",
        ["1.81.13/error-model-not-string"] = "argument of type 'int' is not iterable",
        ["1.81.13/error-unknown-model"] = NotServed,
        ["1.81.13/fault-badjson-stream"] = "Unterminated string starting at: line 1 column 45 (char 44)",
        ["1.81.13/fault-sseerror-429-stream"] = "Rate limit reached",
        ["1.81.13/fault-sseerror-first-stream"] = ServerError,
        ["1.81.13/fault-sseerror-stream"] = ServerError,
        ["1.81.13/fault-stall-stream"] = "Timeout on reading data from socket",
        ["1.81.13/keys-rpm-2"] = RateLimit,
        ["1.81.13/routing-cooldown-3"] = NoDeployment,
        ["1.81.13/routing-rpm-2"] = RateLimit,
        ["1.81.13/upstream-413"] = "Request too large.",
        ["1.81.13/upstream-429"] = ProviderRate,
        ["1.81.13/upstream-500"] = ServerError,
        ["1.81.13/upstream-html"] = "The upstream answered with status 502.",
        ["chat-mock-testing-rate-limit"] =
            "Mock testing request params are disabled on this proxy: mock_testing_rate_limit_error. An admin can enable them by setting "
            + "`general_settings.dangerously_allow_mock_testing_request_params: true` in config.yaml. This setting cannot be changed "
            + "from the Admin UI or the API.",
        ["chat-stream-repeat"] = "The model is repeating the same chunk = word .",
        ["chat-to-anthropic-429"] = ProviderRate,
        ["chat-to-anthropic-drop-stream"] =
            "Response payload is not completed: <TransferEncodingError: 400, message='Not enough data to satisfy transfer length header.'>",
        ["chat-to-anthropic-sseerror-stream"] = "Overloaded",
        ["chat-unsupported-param"] = "anthropic does not support parameters: ['logit_bias']",
        ["completions-unknown-model"] = NotServed,
        ["completions-upstream-429"] = ProviderRate,
        ["embeddings-missing-input"] = "/embeddings: Missing required parameter: 'input'.",
        ["embeddings-unknown-model"] = NotServed,
        ["error-array-body"] = "Invalid JSON payload: expected an object",
        ["error-call-id"] = NotServed,
        ["error-empty-body"] = "/chat/completions: Missing required parameter: 'messages'.",
        ["error-invalid-json"] = "Invalid JSON payload: unexpected end of data: line 1 column 29 (char 28)",
        ["error-messages-not-list"] = "Invalid request format: 'str' object has no attribute 'get'",
        ["error-missing-messages"] = "/chat/completions: Missing required parameter: 'messages'.",
        ["error-missing-model"] = NotServed,
        ["error-model-not-string"] = "'model' must be a string.",
        ["error-null-model"] = NotServed,
        ["error-timeout-header"] = TimedOut,
        ["error-unknown-model"] = NotServed,
        ["error-unknown-model-stream"] = NotServed,
        ["fault-badjson"] = "Unterminated string starting at: line 1 column 72 (char 71)",
        ["fault-badjson-stream"] = "Unterminated string starting at: line 1 column 45 (char 44)",
        ["fault-drop"] = ConnectionError,
        ["fault-drop-early-stream"] = ConnectionError,
        ["fault-drop-stream"] = ConnectionError,
        ["fault-empty"] = "Expecting value: line 1 column 1 (char 0)",
        ["fault-end-early-stream"] = "Stream ended before a finish_reason was received",
        ["fault-hang"] = TimedOut,
        ["fault-hang-stream"] = TimedOut,
        ["fault-refuse"] = ConnectionError,
        ["fault-refuse-stream"] = ConnectionError,
        ["fault-sseerror-429-stream"] = "Rate limit reached",
        ["fault-sseerror-first-stream"] = ServerError,
        ["fault-sseerror-stream"] = ServerError,
        ["fault-sseerror-stream-not-asked"] = ServerError,
        ["fault-stall-stream"] = TimedOut,
        ["fault-unreachable"] = ConnectionError,
        ["fault-unreachable-stream"] = ConnectionError,
        ["keys-parallel"] = RateLimit,
        ["keys-rpm-2"] = RateLimit,
        ["keys-tpm-2"] = RateLimit,
        ["limits-in-flight"] = "Worker at capacity: 1 in-flight, 0 queued requests. Retry later.",
        ["limits-in-flight-stream"] = "Worker at capacity: 1 in-flight, 0 queued requests. Retry later.",
        ["opt-error-call-id"] = NotServed,
        ["opt-keepalive-error"] = "Error processing stream start",
        ["opt-retries"] = ServerError,
        ["pool-bad-1"] = ServerError,
        ["routing-cooldown-1"] = ServerError,
        ["routing-cooldown-2"] = ServerError,
        ["routing-cooldown-3"] = NoDeployment,
        ["routing-cooldown-stream"] = NoDeployment,
        ["routing-fallback-disabled"] = NoDeployment,
        ["routing-fallback-mid-stream"] = ConnectionError,
        ["routing-rpm-2"] = RateLimit,
        ["routing-unknown-model"] = NotServed,
        ["routing-upstream-500"] = ServerError,
        ["upstream-400"] = "Invalid value for 'temperature': 9.",
        ["upstream-400-stream"] = "Invalid value for 'temperature': 9.",
        ["upstream-404"] = "The model `nope` does not exist or you do not have access to it.",
        ["upstream-408"] = "Request timed out upstream.",
        ["upstream-413"] = "Request too large.",
        ["upstream-422"] = "Unprocessable.",
        ["upstream-429"] = ProviderRate,
        ["upstream-429-no-retries"] = ProviderRate,
        ["upstream-429-stream"] = ProviderRate,
        ["upstream-500"] = ServerError,
        ["upstream-500-retries-header"] = ServerError,
        ["upstream-500-stream"] = ServerError,
        ["upstream-502"] = "Bad gateway.",
        ["upstream-503"] = "The engine is currently overloaded, please try again later.",
        ["upstream-503-stream"] = "The engine is currently overloaded, please try again later.",
        ["upstream-504"] = "Gateway timeout.",
        ["upstream-529"] = "Overloaded.",
        ["upstream-content"] = "Your request was rejected as a result of our safety system.",
        ["upstream-context"] = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
        ["upstream-empty"] = "The upstream answered with status 500.",
        ["upstream-html"] = "The upstream answered with status 502.",
        ["upstream-html-stream"] = "The upstream answered with status 502.",
        ["upstream-in-200"] = "Provider returned error",
        ["upstream-quota"] = "You exceeded your current quota, please check your plan and billing details.",
    };

    /// <summary>
    /// Recordings whose error is about the upstream's own standing (its key, its budget, its database): the client gets 502 and no word of
    /// it.
    /// </summary>
    public static readonly string[] Ours =
    [
        "1.81.13/error-no-key",
        "1.81.13/upstream-401",
        "1.81.13/upstream-403",
        "chat-body-api-base",
        "error-empty-bearer",
        "error-no-bearer",
        "error-no-key",
        "error-wrong-key",
        "error-wrong-key-not-sk",
        "error-wrong-key-stream",
        "keys-budget-exceeded",
        "keys-budget-exceeded-embeddings",
        "keys-budget-exceeded-stream",
        "keys-deployment-budget-2",
        "keys-expired",
        "keys-model-denied",
        "keys-unknown",
        "upstream-401",
        "upstream-401-stream",
        "upstream-403",
    ];

    public static string Of(string recording) => ByName[recording];
}
