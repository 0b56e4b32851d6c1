using System.Text;
using System.Text.RegularExpressions;
using Gateway.Calls;
using Gateway.Core.Usage;

namespace Gateway.Answers;

/// <summary>
/// Reads an upstream's error, whatever its envelope, and makes of it what a client may see: status, type, param, code and the provider's
/// sentence. What LiteLLM adds (its class names, model groups, fallbacks) is cut, and what is ours to mend (credential, budget, database)
/// is told apart.
/// </summary>
internal static partial class UpstreamErrorReader
{
    private const int LongestMessage = 2_048;
    private const int LongestRead = 16 * 1024;
    private const int LongestWord = 512;
    private const string CrossedBudget = "crossed budget";
    private const string InnerText = "Error_str: ";

    /// <summary>Whether the error is about the gateway's own standing upstream, and so none of the client's.</summary>
    public static bool IsOurs(int status, OpenAiError error) =>
        status is 401 or 403
        || IsAboutCredential(error.Code)
        || IsAboutCredential(error.Type)
        || error.Type is "budget_exceeded" or "no_db_connection" or "auth_error" or "expired_key" or "token_not_found_in_db"
        || error.Message.StartsWith("Budget has been exceeded", StringComparison.OrdinalIgnoreCase)
        || error.Message.StartsWith("ExceededBudget", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("No connected db", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains(CrossedBudget, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The same of a provider that is called without LiteLLM: the money of the gateway's account there is no caller's affair either, though
    /// OpenAI says <c>insufficient_quota</c>, which callers know as their own.
    /// </summary>
    public static bool IsOursAtProvider(int status, OpenAiError error) =>
        IsOurs(status, error)
        || status == 402
        || error.Code is "insufficient_quota" or "billing_hard_limit_reached" or "billing_not_active" or "account_deactivated"
        || error.Type is "insufficient_quota" or "billing_error"
        || error.Message.StartsWith("Your credit balance is too low", StringComparison.Ordinal);

    /// <summary>Reads the body of an answer with an error status.</summary>
    public static OpenAiError Read(int status, ReadOnlyMemory<byte> body) =>
        From(status, ErrorEnvelope.Read(body.Span) ?? new(ErrorPage.Read(body.Span, status), null, null, null, null), Nameless(status));

    /// <summary>
    /// Reads an error that stood in an answer with status 200, and tells the status that it stands for: the one it names, else that of its
    /// code, of its type, or of LiteLLM's class name; 502 when none is known.
    /// </summary>
    public static (int Status, OpenAiError Error) ReadInAnswer(ReadOnlyMemory<byte> body)
    {
        var told = ErrorEnvelope.Read(body.Span) ?? new(ErrorPage.Read(body.Span, StatusCodes.Status200OK), null, null, null, null);
        var status =
            told.Status
            ?? ErrorWords.StatusOf(told.Type == "base_resp" ? told.Type + told.Code : told.Code)
            ?? ErrorWords.StatusOf(told.Type)
            ?? ErrorWords.StatusOf(LiteLlmClass().Match(told.Message ?? "") is { Success: true } match ? match.Groups[1].Value : null)
            ?? StatusCodes.Status502BadGateway;
        return (status, From(status, told, "The upstream answered with an error and did not say why."));
    }

    // Numbers mean something else at every provider; they come with a status.
    private static bool IsAboutCredential(string? word) =>
        word is not null && word.Any(char.IsAsciiLetter) && ErrorWords.StatusOf(word) is 401 or 403;

    private static OpenAiError From(int status, UpstreamError told, string nameless) =>
        new(
            Clean(told.Message, nameless),
            told.Type is null ? TypeOf(status) : UpstreamJson.Cut(told.Type, LongestWord),
            told.Param is null ? null : UpstreamJson.Cut(told.Param, LongestWord),
            told.Code is null ? "upstream_error" : UpstreamJson.Cut(told.Code, LongestWord)
        );

    private static string Nameless(int status) => $"The upstream answered with status {status}.";

    private static string TypeOf(int status) =>
        status switch
        {
            401 => "authentication_error",
            403 => "permission_error",
            429 => "rate_limit_error",
            >= 400 and < 500 => "invalid_request_error",
            _ => "server_error",
        };

    private static string Clean(string? message, string nameless)
    {
        if (string.IsNullOrWhiteSpace(message))
        {
            return nameless;
        }
        message = UpstreamJson.Cut(message, LongestRead); // bounds the work of the patterns; LiteLLM's own words come first
        if (message.Contains(CrossedBudget, StringComparison.OrdinalIgnoreCase))
        {
            return message; // read by IsOurs, and so never shown
        }
        if (
            message.Contains("Invalid model name passed in model=", StringComparison.Ordinal)
            || message.Contains("There are no healthy deployments for this model", StringComparison.Ordinal)
        )
        {
            return "The upstream does not serve this model.";
        }
        if (
            message.Contains("No deployments available", StringComparison.Ordinal)
            || message.Contains("No healthy deployment available", StringComparison.Ordinal)
        )
        {
            return "The upstream has no deployment available for this model. Try again later.";
        }
        if (
            message.StartsWith("Rate limit exceeded for ", StringComparison.Ordinal)
            || message.Contains("Model rate limit exceeded. ", StringComparison.Ordinal)
        )
        {
            return "The upstream's rate limit is reached. Try again later.";
        }
        var text = Sentence(message);
        return text.Length == 0 || text[0] == '<' ? nameless : UpstreamJson.Cut(text, LongestMessage);
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
    private static string? MessageInside(ReadOnlySpan<byte> body) => ErrorEnvelope.Read(body)?.Message;

    // "\n\nLiteLLM: model group 'X' failed ...", ". Received Model Group=X\nAvailable Model Group Fallbacks=None", " LiteLLM Retried: 2
    // times", "\n\nDeployment Info: ...", " - timeout value=1.0, ...", " Handle with `litellm.InternalServerError`.", "\nmodel=X.
    // context_window_fallbacks=None. ...", ", for model=X. To drop these, set ..."
    [GeneratedRegex(
        @"(LiteLLM: model group |\. Received Model Group=|Received Model Group=|Available Model Group Fallbacks=|LiteLLM Retried:"
            + @"|Deployment Info:| - timeout value=| Handle with `litellm\."
            + @"|model=\S{0,255} context_window_fallbacks=|, for model=\S{0,255} To drop these, ).*$",
        RegexOptions.Singleline
    )]
    private static partial Regex Appendix();

    // "litellm.RateLimitError: RateLimitError: OpenAIException - ", "litellm.Timeout: Timeout Error: ", "litellm.Timeout:
    // APITimeoutError - "
    [GeneratedRegex(
        @"litellm\.[A-Za-z]+: (litellm\.[A-Za-z]+: |[A-Z][A-Za-z]*(Error|Timeout|Exception): |Timeout Error: )*"
            + @"([A-Za-z_]*(Exception|Error) - )?"
    )]
    private static partial Regex ClassNames();

    // The same without LiteLLM's name in front.
    [GeneratedRegex(@"^\s*([A-Z][A-Za-z]*(Error|Timeout|Exception): )*([A-Za-z_]*(Exception|Error) - )?")]
    private static partial Regex BareClassNames();

    // "litellm.RateLimitError: ..."
    [GeneratedRegex(@"^\s*litellm\.([A-Za-z]+)")]
    private static partial Regex LiteLlmClass();

    // "Error code: 429 - "
    [GeneratedRegex(@"^\s*Error code: [0-9]{3}( - )?")]
    private static partial Regex StatusPrefix();
}
