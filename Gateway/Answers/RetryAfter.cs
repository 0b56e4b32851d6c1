using System.Globalization;
using System.Text.Json;
using Gateway.Core.Usage;

namespace Gateway.Answers;

/// <summary>
/// How long an upstream wants to be left alone, from the headers in which providers say so: <c>retry-after</c>, OpenAI's
/// <c>retry-after-ms</c> and <c>x-ratelimit-reset-*</c>, Anthropic's <c>anthropic-ratelimit-*-reset</c>.
/// </summary>
internal static class RetryAfter
{
    private const string OpenAiRemaining = "x-ratelimit-remaining-";
    private const string OpenAiReset = "x-ratelimit-reset-";
    private const string AnthropicPrefix = "anthropic-ratelimit-";
    private const string AnthropicRemaining = "-remaining";
    private const string AnthropicReset = "-reset";

    /// <summary>The time; null when no header tells one.</summary>
    public static TimeSpan? Of(HttpResponseMessage answer) =>
        Seconds(answer, "retry-after-ms", 0.001) ?? Seconds(answer, "retry-after", 1) ?? Resets(answer);

    /// <summary>The time that Google's error tells in its body; null when it tells none.</summary>
    public static TimeSpan? OfBody(ReadOnlySpan<byte> body)
    {
        if (!UpstreamJson.TryParse(body, out var root))
        {
            return null;
        }
        var holder = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
        if (
            holder.ValueKind != JsonValueKind.Object
            || !holder.TryGetProperty("error", out var error)
            || error.ValueKind != JsonValueKind.Object
            || !error.TryGetProperty("details", out var details)
            || details.ValueKind != JsonValueKind.Array
        )
        {
            return null;
        }
        return details
            .EnumerateArray()
            .Where(d => d.ValueKind == JsonValueKind.Object)
            .Select(d => d.TryGetProperty("retryDelay", out var delay) ? Duration(delay.ToString()) : null)
            .FirstOrDefault(delay => delay is not null);
    }

    private static TimeSpan? Seconds(HttpResponseMessage answer, string name, double unit) =>
        Text(answer, name) is { } text
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
        && count * unit is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(count * unit)
            : null;

    // Of each limit that has nothing left, when it has again; the last of them.
    private static TimeSpan? Resets(HttpResponseMessage answer)
    {
        TimeSpan? longest = null;
        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            var wait =
                values.ToString() != "0" ? null
                : name.StartsWith(OpenAiRemaining, StringComparison.OrdinalIgnoreCase)
                    ? Duration(Text(answer, OpenAiReset + name[OpenAiRemaining.Length..]))
                : name.StartsWith(AnthropicPrefix, StringComparison.OrdinalIgnoreCase)
                && name.EndsWith(AnthropicRemaining, StringComparison.OrdinalIgnoreCase)
                    ? Until(answer, Text(answer, name[..^AnthropicRemaining.Length] + AnthropicReset))
                : null;
            longest = longest is null || wait > longest ? wait ?? longest : longest;
        }
        return longest;
    }

    // "1s", "6m0s", "120ms", "1h0m5.5s"
    private static TimeSpan? Duration(string? text)
    {
        var (total, start) = (0.0, 0);
        for (var i = 0; i < text?.Length; )
        {
            if (char.IsAsciiDigit(text[i]) || text[i] == '.')
            {
                i++;
                continue;
            }
            var (factor, length) =
                text.AsSpan(i).StartsWith("ms") ? (0.001, 2)
                : text[i] == 's' ? (1.0, 1)
                : text[i] == 'm' ? (60.0, 1)
                : text[i] == 'h' ? (3_600.0, 1)
                : (double.NaN, 1);
            if (!double.TryParse(text.AsSpan(start, i - start), CultureInfo.InvariantCulture, out var count))
            {
                return null;
            }
            total += count * factor;
            start = i += length;
        }
        return total is > 0 and <= 86_400 ? TimeSpan.FromSeconds(total) : null;
    }

    // By the upstream's own clock.
    private static TimeSpan? Until(HttpResponseMessage answer, string? text) =>
        answer.Headers.Date is { } now
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then)
        && then > now
            ? then - now
            : null;

    private static string? Text(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
