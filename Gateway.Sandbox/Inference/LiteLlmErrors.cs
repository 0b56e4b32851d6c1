using System.Globalization;
using System.Text.Json;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>LiteLLM's error texts, word for word from the recordings, in both behaviours.</summary>
internal sealed class LiteLlmErrors(LiteLlmBehaviour behaviour)
{
    private const string TimeoutDetails = "\n\nDeployment Info: request_timeout: None\ntimeout: None\nstream_timeout: None";

    private bool IsLegacy => behaviour == LiteLlmBehaviour.Legacy;

    public LiteLlmError InvalidJson(JsonException error, ReadOnlySpan<byte> body)
    {
        var line = (error.LineNumber ?? 0) + 1;
        var column = (error.BytePositionInLine ?? 0) + 1;
        var what = column > body.Length - (body.LastIndexOf((byte)'\n') + 1) ? "unexpected end of data" : "unexpected character";
        var text = $"Invalid JSON payload: {what}: line {line} column {column} (char {column - 1})";
        return new LiteLlmError(400, text, "invalid_request_error", "request_body");
    }

    public LiteLlmError NotAnObject() => new(400, "Invalid JSON payload: expected an object", "invalid_request_error", "request_body");

    public LiteLlmError ModelIsNoText() =>
        IsLegacy
            ? new(500, "argument of type 'int' is not iterable", "None", "None")
            : new(400, "'model' must be a string.", "bad_request_error", "model");

    public LiteLlmError MissingInput(InferenceApi api)
    {
        var member = api.RequiredMember();
        return IsLegacy
            ? new(500, $"Router.acompletion() missing 1 required positional argument: '{member}'", "None", "None")
            : new(400, $"{api.Path()}: Missing required parameter: '{member}'.", "invalid_request_error", member);
    }

    public LiteLlmError MessagesAreNoList(string model)
    {
        var text = "litellm.APIConnectionError: APIConnectionError: OpenAIException - 'str' object has no attribute 'get'";
        return IsLegacy
            ? new(500, text + AfterText(model), null, null)
            : new(
                400,
                "Invalid request format: " + text + AfterText(model) + " LiteLLM Retried: 2 times, LiteLLM Max Retries: 2",
                "invalid_request_error",
                null
            );
    }

    public LiteLlmError UnknownModel(InferenceApi api, string? model)
    {
        var text =
            $"{api.Path()}: Invalid model name passed in model={model ?? "None"}. Call `/v1/models` to view available models for your key.";
        return (api, IsLegacy) switch
        {
            (InferenceApi.Completions, true) => new(400, $"400: {{'error': '{text}'}}", "None", "None"),
            (InferenceApi.Completions, false) => new(400, $"400: {{'error': '{text}'}}", "invalid_request_error", null),
            (_, true) => new(400, $"{{'error': '{text}'}}", "None", "None"),
            _ => new(400, text, "invalid_request_error", null, text),
        };
    }

    /// <summary>The provider answered an error.</summary>
    public LiteLlmError Provider(Scenario scenario, InferenceApi api, string model)
    {
        var (name, text, param) = ProviderTexts(scenario.Status);
        var status = scenario.Status;
        if (scenario is { MapsStatus: true, Status: 413 } && !IsLegacy)
        {
            (status, name) = (429, "litellm.RateLimitError: RateLimitError: OpenAIException - ");
        }
        if (IsLegacy && status is 403 or 413)
        {
            name = "litellm.BadRequestError: OpenAIException - ";
        }
        var prefix = api == InferenceApi.Completions ? $"Error code: {status} - " : "";
        return new LiteLlmError(status, name + prefix + text + AfterText(model), TypeOf(status), param);
    }

    /// <summary>The stream broke: the provider sent an error object, closed, or fell silent.</summary>
    public LiteLlmError InStream(int status, string model) =>
        (status, IsLegacy) switch
        {
            (429, _) => new(429, "litellm.RateLimitError: RateLimitError: OpenAIException - Rate limit reached", "throttling_error", null),
            (408, false) => new(
                408,
                "litellm.Timeout: APITimeoutError - Request timed out. Error_str: Request timed out.",
                "invalid_request_error",
                null
            ),
            (408, true) => new(500, "Timeout on reading data from socket", "None", "None"),
            _ => MidStream("The server had an error while processing your request.", model),
        };

    public LiteLlmError ConnectionClosedInStream(string model) => MidStream("Connection error.", model);

    public LiteLlmError ConnectionClosed(string model) =>
        new(
            500,
            "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error." + AfterText(model),
            TypeOf(500),
            null
        );

    /// <summary>The first event of the stream was an error: an ordinary error answer.</summary>
    public LiteLlmError FirstEvent(string model)
    {
        var error = MidStream("The server had an error while processing your request.", model);
        return IsLegacy ? error : error with { Message = error.Message + AfterText(model) };
    }

    public LiteLlmError TimedOut(double seconds, string model)
    {
        var value = JsonText.PythonFloat(seconds);
        var text =
            $"litellm.Timeout: APITimeoutError - Request timed out. Error_str: Request timed out. - timeout value={value}, time "
            + $"taken={value} seconds";
        return new LiteLlmError(408, text + TimeoutDetails + AfterText(model), TypeOf(408), null);
    }

    public LiteLlmError BudgetExceeded() =>
        new(
            IsLegacy ? 400 : 422,
            IsLegacy
                ? "Budget has been exceeded! Current cost: 0.18025, Max budget: 1e-05"
                : (
                    "Budget has been exceeded! Key=89d31fc478d12eb976c692caf32159e29f6bdcf253b7468bad8779837ea79104 Current cost: "
                    + "0.18025, Max budget: 1e-05"
                ),
            "budget_exceeded",
            IsLegacy ? "None" : null
        );

    /// <summary>A refusal of LiteLLM itself that says when to come again: its rate limit as 429, a full worker as 503.</summary>
    public LiteLlmError ComeAgain(int status, string keyHash, DateTimeOffset reset) =>
        status == 429
            ? new(
                429,
                $"Rate limit exceeded for api_key: {keyHash}. Limit type: requests. Current limit: 1, Remaining: 0. Limit resets at: "
                    + $"{ResetText(reset)}",
                IsLegacy ? "None" : "throttling_error",
                IsLegacy ? "None" : null
            )
            : new(status, "Worker at capacity: 1 in-flight, 0 queued requests. Retry later.", "overloaded_error", null);

    public static string ResetText(DateTimeOffset reset) =>
        reset.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private LiteLlmError MidStream(string text, string model) =>
        IsLegacy
            ? new(
                503,
                "litellm.ServiceUnavailableError: litellm.MidStreamFallbackError: litellm.APIConnectionError: APIConnectionError: "
                    + $"OpenAIException - {text}{AfterText(model)}",
                null,
                null
            )
            : new(500, $"litellm.APIConnectionError: APIConnectionError: OpenAIException - {text}", "internal_server_error", null);

    private string AfterText(string model) =>
        IsLegacy
            ? $". Received Model Group={model}\nAvailable Model Group Fallbacks=None"
            : $"\n\nLiteLLM: model group '{model}' failed with the error above. No fallback was attempted.";

    private string? TypeOf(int status) =>
        status switch
        {
            401 => IsLegacy ? null : "authentication_error",
            403 => IsLegacy ? "invalid_request_error" : "permission_error",
            429 => "throttling_error",
            < 500 => "invalid_request_error",
            _ => IsLegacy ? null : "internal_server_error",
        };

    private static (string Name, string Text, string? Param) ProviderTexts(int status) =>
        status switch
        {
            400 => ("litellm.BadRequestError: OpenAIException - ", "Invalid value for 'temperature': 9.", "temperature"),
            401 => (
                "litellm.AuthenticationError: AuthenticationError: OpenAIException - ",
                "Incorrect API key provided: sk-mock****mock.",
                null
            ),
            403 => ("litellm.APIError: APIError: OpenAIException - ", "Project does not have access to model.", null),
            404 => (
                "litellm.NotFoundError: NotFoundError: OpenAIException - ",
                "The model `nope` does not exist or you do not have access to it.",
                null
            ),
            408 => (
                "litellm.Timeout: APITimeoutError - Request timed out. Error_str: Error code: 408 - ",
                "Request timed out upstream." + TimeoutDetails,
                null
            ),
            413 => ("litellm.APIError: APIError: OpenAIException - ", "Request too large.", null),
            422 => ("litellm.BadRequestError: OpenAIException - ", "Unprocessable.", "messages"),
            429 => (
                "litellm.RateLimitError: RateLimitError: OpenAIException - ",
                "Rate limit reached for mock in organization org-mock on requests per min (RPM): Limit 3, Used 3, Requested 1.",
                null
            ),
            500 => (
                "litellm.InternalServerError: InternalServerError: OpenAIException - ",
                "The server had an error while processing your request.",
                null
            ),
            502 => ("litellm.BadGatewayError: BadGatewayError: OpenAIException - ", "Bad gateway.", null),
            503 => (
                "litellm.ServiceUnavailableError: ServiceUnavailableError: OpenAIException - ",
                "The engine is currently overloaded, please try again later.",
                null
            ),
            504 => ("litellm.Timeout: Timeout Error: OpenAIException - ", "Gateway timeout." + TimeoutDetails, null),
            529 => ("litellm.APIError: APIError: OpenAIException - ", "Overloaded.", null),
            _ => ("litellm.APIError: APIError: OpenAIException - ", $"Error code: {status}", null),
        };
}
