using System.Text;
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
    private const string CrossedBudget = "crossed budget";
    private const string InnerText = "Error_str: ";

    /// <summary>Whether the error is about the gateway's own standing upstream, and so none of the client's.</summary>
    public static bool IsOurs(int status, OpenAiError error) =>
        status is 401 or 403
        || error.Type is "budget_exceeded" or "no_db_connection" or "auth_error" or "expired_key" or "token_not_found_in_db"
        || error.Message.StartsWith("Budget has been exceeded", StringComparison.OrdinalIgnoreCase)
        || error.Message.StartsWith("ExceededBudget", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("No connected db", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains(CrossedBudget, StringComparison.OrdinalIgnoreCase);

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
            return Nameless(status).Message;
        }
        if (message.Contains(CrossedBudget, StringComparison.OrdinalIgnoreCase))
        {
            return message;   // read by IsOurs, and so never shown
        }
        if (message.Contains("Invalid model name passed in model=", StringComparison.Ordinal) || message.Contains("There are no healthy deployments for this model", StringComparison.Ordinal))
        {
            return "The upstream does not serve this model.";
        }
        if (message.Contains("No deployments available", StringComparison.Ordinal) || message.Contains("No healthy deployment available", StringComparison.Ordinal))
        {
            return "The upstream has no deployment available for this model. Try again later.";
        }
        if (message.StartsWith("Rate limit exceeded for ", StringComparison.Ordinal) || message.Contains("Model rate limit exceeded. ", StringComparison.Ordinal))
        {
            return "The upstream's rate limit is reached. Try again later.";
        }
        var text = Sentence(message);
        return text.Length == 0 || text[0] == '<' ? Nameless(status).Message : text.Length <= LongestMessage ? text : text[..LongestMessage];
    }

    // The provider's own words inside LiteLLM's.
    private static string Sentence(string message)
    {
        var text = Appendix().Replace(message, "");
        text = ClassNames().Replace(text, "");
        text = BareClassNames().Replace(text, "");
        if (text.IndexOf(InnerText, StringComparison.Ordinal) is var inner and >= 0)
        {
            text = text[(inner + InnerText.Length)..];
        }
        text = StatusPrefix().Replace(text, "").Trim();
        var quoted = PythonBytes.TryRead(text, out var bytes) ? bytes : Encoding.UTF8.GetBytes(text);
        return quoted is [(byte)'{', ..] ? MessageInside(quoted) ?? text : text;
    }

    // Of some providers LiteLLM quotes the whole body.
    private static string? MessageInside(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? Member(error, "message") : Member(document.RootElement, "message");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // "\n\nLiteLLM: model group 'X' failed ...", ". Received Model Group=X\nAvailable Model Group Fallbacks=None", " LiteLLM Retried: 2 times", "\n\nDeployment Info: ...",
    // " - timeout value=1.0, ...", " Handle with `litellm.InternalServerError`.", "\nmodel=X. context_window_fallbacks=None. ...", ", for model=X. To drop these, set ..."
    [GeneratedRegex(@"(LiteLLM: model group |\. Received Model Group=|Received Model Group=|Available Model Group Fallbacks=|LiteLLM Retried:|Deployment Info:| - timeout value=| Handle with `litellm\.|model=\S{0,255} context_window_fallbacks=|, for model=\S{0,255} To drop these, ).*$", RegexOptions.Singleline)]
    private static partial Regex Appendix();

    // "litellm.RateLimitError: RateLimitError: OpenAIException - ", "litellm.Timeout: Timeout Error: ", "litellm.Timeout: APITimeoutError - "
    [GeneratedRegex(@"litellm\.[A-Za-z]+: (litellm\.[A-Za-z]+: |[A-Z][A-Za-z]*(Error|Timeout|Exception): |Timeout Error: )*([A-Za-z_]*(Exception|Error) - )?")]
    private static partial Regex ClassNames();

    // The same without LiteLLM's name in front.
    [GeneratedRegex(@"^\s*([A-Z][A-Za-z]*(Error|Timeout|Exception): )*([A-Za-z_]*(Exception|Error) - )?")]
    private static partial Regex BareClassNames();

    // "Error code: 429 - "
    [GeneratedRegex(@"^\s*Error code: [0-9]{3}( - )?")]
    private static partial Regex StatusPrefix();
}
