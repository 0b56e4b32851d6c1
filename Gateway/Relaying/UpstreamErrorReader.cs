using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Errors;

namespace Gateway.Relaying;

/// <summary>
/// Reads an upstream's error, whatever its envelope, and makes of it what a client may see: status, type, param, code and the provider's sentence. What LiteLLM
/// adds (its class names, model groups, fallbacks) is cut, and what is ours to mend (credential, budget, database) is told apart.
/// </summary>
internal static partial class UpstreamErrorReader
{
    private const int LongestMessage = 2_048;

    /// <summary>Whether the error is about the gateway's own standing upstream, and so none of the client's.</summary>
    public static bool IsOurs(int status, OpenAiError error) =>
        status is 401 or 403
        || error.Type is "budget_exceeded" or "no_db_connection" or "auth_error" or "expired_key" or "token_not_found_in_db"
        || error.Message.StartsWith("Budget has been exceeded", StringComparison.OrdinalIgnoreCase)
        || error.Message.StartsWith("ExceededBudget", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("No connected db", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("crossed budget", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the body of an answer with an error status.</summary>
    public static OpenAiError Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return FromEnvelope(status, document.RootElement) ?? Nameless(status);
        }
        catch (JsonException)
        {
            return Nameless(status);   // HTML, text, or nothing
        }
    }

    /// <summary>Makes an error of the texts of one that stood inside a stream.</summary>
    public static OpenAiError FromTexts(int status, string? message, string? type, string? code) =>
        new(Clean(message, status), Text(type) ?? TypeOf(status), null, Text(code) ?? "upstream_error");

    private static OpenAiError? FromEnvelope(int status, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        if (root.TryGetProperty("error", out var error))
        {
            return error.ValueKind == JsonValueKind.Object
                ? new OpenAiError(Clean(Member(error, "message"), status), Text(Member(error, "type")) ?? TypeOf(status), Text(Member(error, "param")), Text(Member(error, "code")) ?? "upstream_error")
                : new OpenAiError(Clean(error.ToString(), status), TypeOf(status), null, "upstream_error");
        }
        if (root.TryGetProperty("detail", out var detail))
        {
            var text = detail.ValueKind == JsonValueKind.Object ? Member(detail, "error") : detail.ValueKind == JsonValueKind.String ? detail.GetString() : null;
            return new OpenAiError(Clean(text, status), TypeOf(status), null, "upstream_error");
        }
        return Member(root, "message") is { } message ? new OpenAiError(Clean(message, status), TypeOf(status), null, "upstream_error") : null;
    }

    private static string? Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;

    // LiteLLM 1.81 writes a missing value as the text "None".
    private static string? Text(string? value) => value is null or "" or "None" ? null : value;

    private static OpenAiError Nameless(int status) => new($"The upstream answered with status {status}.", TypeOf(status), null, "upstream_error");

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 400 and < 500 => "invalid_request_error",
        _ => "server_error",
    };

    private static string Clean(string? message, int status)
    {
        if (string.IsNullOrWhiteSpace(message))
        {
            return $"The upstream answered with status {status}.";
        }
        if (message.Contains("Invalid model name passed in model=", StringComparison.Ordinal) || message.Contains("There are no healthy deployments for this model", StringComparison.Ordinal))
        {
            return "The upstream does not serve this model.";
        }
        if (message.Contains("No deployments available", StringComparison.Ordinal) || message.Contains("No healthy deployment available", StringComparison.Ordinal))
        {
            return "The upstream has no deployment available for this model. Try again later.";
        }
        if (message.StartsWith("Rate limit exceeded for ", StringComparison.Ordinal))
        {
            return "The upstream's rate limit is reached. Try again later.";
        }
        var text = Appendix().Replace(message, "");
        text = ClassNames().Replace(text, "");
        text = ProviderPrefix().Replace(text, "").Trim();
        text = text.Length == 0 ? $"The upstream answered with status {status}." : text;
        return text.Length <= LongestMessage ? text : text[..LongestMessage];
    }

    // "\n\nLiteLLM: model group 'X' failed ...", ". Received Model Group=X\nAvailable Model Group Fallbacks=None", " LiteLLM Retried: 2 times"
    [GeneratedRegex(@"(\s*LiteLLM: model group.*|\.?\s*Received Model Group=.*|\s*Available Model Group Fallbacks=.*|\s*LiteLLM Retried:.*)$", RegexOptions.Singleline)]
    private static partial Regex Appendix();

    // "litellm.BadRequestError: ", "litellm.RateLimitError: RateLimitError: "
    [GeneratedRegex(@"^(\s*(litellm\.)?[A-Z][A-Za-z]*(Error|Timeout|Exception): )+|^litellm\.[A-Za-z]+: ")]
    private static partial Regex ClassNames();

    // "OpenAIException - ", "AnthropicException - ", "APITimeoutError - "
    [GeneratedRegex(@"^\s*[A-Za-z_]*(Exception|Error) - ")]
    private static partial Regex ProviderPrefix();
}
