using System.Net;
using System.Text;
using Gateway.Answers;

namespace Gateway.Tests.Upstream;

/// <summary>How long providers want to be left alone, in their own headers and bodies.</summary>
public sealed class RetryAfterTests
{
    [
        Theory,
        InlineData("retry-after: 7", 7.0),
        InlineData("retry-after: 7|retry-after-ms: 1500", 1.5),
        InlineData("x-ratelimit-remaining-requests: 0|x-ratelimit-reset-requests: 6m0.5s", 360.5),
        InlineData("x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 120ms", 0.12),
        InlineData("x-ratelimit-remaining-requests: 3|x-ratelimit-reset-requests: 6m0s", null),
        InlineData(
            "date: Mon, 30 Nov 2026 10:00:00 GMT|anthropic-ratelimit-tokens-remaining: 0|anthropic-ratelimit-tokens-reset: 2026-11-30T10:00:42Z",
            42.0
        ),
        InlineData("retry-after: soon", null),
        InlineData("retry-after: -1", null)
    ]
    public void It_is_told_by_headers(string headers, double? seconds)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        foreach (var header in headers.Split('|'))
        {
            answer.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        }
        Assert.Equal(seconds, RetryAfter.Of(answer)?.TotalSeconds);
    }

    [
        Theory,
        InlineData("""[{"error":{"code":429,"details":[{"@type":"x"},{"retryDelay":"37s"}]}}]""", 37.0),
        InlineData("""{"error":{"details":[{"retryDelay":"1.5s"}]}}""", 1.5),
        InlineData("""{"error":{"details":"none"}}""", null),
        InlineData("""{"error":"busy"}""", null),
        InlineData("<html>", null)
    ]
    public void It_is_told_by_the_body_of_Googles_error(string body, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.OfBody(Encoding.UTF8.GetBytes(body))?.TotalSeconds);
}
