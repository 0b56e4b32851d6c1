using System.Globalization;

namespace Gateway.Limits.Rates;

/// <summary>
/// <c>x-ratelimit-{limit,remaining,reset}-{requests,tokens}</c> in OpenAI's form: the tightest limit that applies; absent where there is
/// none.
/// </summary>
internal static class RateLimitHeaders
{
    public static void Write(IHeaderDictionary headers, in RateLimitState requests, in RateLimitState tokens)
    {
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
}
