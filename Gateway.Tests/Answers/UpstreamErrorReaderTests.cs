using System.Text.Json;
using Gateway.Answers;

namespace Gateway.Tests.Answers;

/// <summary>What a client sees of the texts that a LiteLLM 1.109.1 really sent.</summary>
public sealed class UpstreamErrorReaderTests
{
    private const string After = "\n\nLiteLLM: model group 'm' failed with the error above. No fallback was attempted.";

    [Theory]
    [InlineData("litellm.BadRequestError: OpenAIException - Invalid value for 'temperature': 9.", "Invalid value for 'temperature': 9.")]
    [InlineData(
        "litellm.Timeout: Timeout Error: OpenAIException - Gateway timeout.\n\nDeployment Info: request_timeout: None\ntimeout: None",
        "Gateway timeout."
    )]
    [InlineData(
        "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: OpenAIException - This model's "
            + "maximum is 8192 tokens.\nmodel=m. context_window_fallbacks=None. fallbacks=None.\n\nSet 'context_window_fallback' - see "
            + "the docs",
        "This model's maximum is 8192 tokens."
    )]
    [InlineData(
        "litellm.RateLimitError: AnthropicException - {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Rate "
            + "limit reached.\"}}",
        "Rate limit reached."
    )]
    [InlineData(
        "litellm.RateLimitError: AnthropicException - b'{\"type\":\"error\",\"error\":{\"message\":\"Rate limit reached for "
            + "\\'mock\\'.\"}}'",
        "Rate limit reached for 'mock'."
    )]
    [InlineData(
        "litellm.RateLimitError: AnthropicException - b'{\"error\":{\"message\":\"Trop de requ\\xc3\\xaates: \\\\\"mock\\\\\".\"}}'",
        "Trop de requêtes: \"mock\"."
    )]
    [InlineData(
        "litellm.InternalServerError: AnthropicException - Response payload is not completed. Handle with `litellm.InternalServerError`.",
        "Response payload is not completed."
    )]
    public void Only_the_providers_sentence_is_told(string message, string told) => Assert.Equal(told, Read(message + After).Message);

    [Theory]
    [InlineData("b'[1]'")]
    [InlineData("b'not ended")]
    [InlineData("b'odd \\q escape'")]
    [InlineData("b'caf\u00e9'")]
    public void What_only_looks_like_pythons_bytes_stays_as_it_is(string message) => Assert.Equal(message, Read(message).Message);

    private static Calls.OpenAiError Read(string message) =>
        UpstreamErrorReader.Read(500, JsonSerializer.SerializeToUtf8Bytes(new { error = new { message } }));
}
