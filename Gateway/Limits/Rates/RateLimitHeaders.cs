using System.Globalization;
using Gateway.Calls;

namespace Gateway.Limits.Rates;

/// <summary>
/// <c>x-ratelimit-{limit,remaining,reset}-{requests,tokens}</c> in OpenAI's form, or
/// <c>anthropic-ratelimit-{requests,tokens}-{limit,remaining,reset}</c> in Anthropic's: the tightest limit that applies; absent where there
/// is none.
/// </summary>
internal static class RateLimitHeaders
{
    /// <summary>Writes them, in the words of the API called.</summary>
    public static void Write(HttpContext http, in RateLimitState requests, in RateLimitState tokens, DateTimeOffset now)
    {
        var headers = http.Response.Headers;
        if (http.FindApi() is { SpeaksAnthropic: true })
        {
            WriteAnthropics(headers, "requests", requests, now);
            WriteAnthropics(headers, "tokens", tokens, now);
            return;
        }
        if (requests.Exists)
        {
            headers["x-ratelimit-limit-requests"] = requests.Limit.ToString(CultureInfo.InvariantCulture);
            headers["x-ratelimit-remaining-requests"] = requests.Remaining.ToString(CultureInfo.InvariantCulture);
            headers["x-ratelimit-reset-requests"] = OpenAiDuration.Format(requests.Reset);
        }
        if (tokens.Exists)
        {
            headers["x-ratelimit-limit-tokens"] = tokens.Limit.ToString(CultureInfo.InvariantCulture);
            headers["x-ratelimit-remaining-tokens"] = tokens.Remaining.ToString(CultureInfo.InvariantCulture);
            headers["x-ratelimit-reset-tokens"] = OpenAiDuration.Format(tokens.Reset);
        }
    }

    private static void WriteAnthropics(IHeaderDictionary headers, string what, in RateLimitState state, DateTimeOffset now)
    {
        if (state.Exists)
        {
            headers[$"anthropic-ratelimit-{what}-limit"] = state.Limit.ToString(CultureInfo.InvariantCulture);
            headers[$"anthropic-ratelimit-{what}-remaining"] = state.Remaining.ToString(CultureInfo.InvariantCulture);
            headers[$"anthropic-ratelimit-{what}-reset"] = (now + state.Reset).UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture
            );
        }
    }
}
