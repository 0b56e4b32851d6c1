using System.Text.Json;

namespace Gateway.Tests.Support;

/// <summary>A refusal by a limit as a client reads it: the headers that SDKs act on, and <c>error.gateway</c>.</summary>
internal sealed record LimitError(
    string Message,
    string Scope,
    decimal Limit,
    string Window,
    decimal Remaining,
    DateTime? ResetAt,
    string? RetryAfter,
    string? ShouldRetry
)
{
    /// <summary><c>error.gateway.reason</c>.</summary>
    public string? Reason { get; init; }

    /// <summary><c>error.gateway.needed</c>.</summary>
    public decimal Needed { get; init; }

    /// <summary><c>error.gateway.held</c>; null where it is absent.</summary>
    public decimal? Held { get; init; }

    /// <summary><c>error.gateway.max_tokens</c>; null where it is absent.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>Asserts the form of a refused rate.</summary>
    public static async Task<LimitError> RateAsync(HttpResponseMessage answer, string type)
    {
        await answer.AssertRefusedAsync(429, type, "rate_limit_exceeded");
        return await ReadAsync(answer);
    }

    /// <summary>Asserts the form of refused money: SDKs must neither wait nor try again.</summary>
    public static async Task<LimitError> MoneyAsync(HttpResponseMessage answer)
    {
        await answer.AssertRefusedAsync(429, "insufficient_quota", "insufficient_quota");
        var error = await ReadAsync(answer);
        Assert.Equal((null, "false"), (error.RetryAfter, error.ShouldRetry));
        return error;
    }

    private static async Task<LimitError> ReadAsync(HttpResponseMessage answer)
    {
        var error = (await answer.JsonAsync()).GetProperty("error");
        var gateway = error.GetProperty("gateway");
        var resetAt = gateway.GetProperty("reset_at");
        return new LimitError(
            error.GetProperty("message").GetString()!,
            gateway.GetProperty("scope").GetString()!,
            gateway.GetProperty("limit").GetDecimal(),
            gateway.GetProperty("window").GetString()!,
            gateway.GetProperty("remaining").GetDecimal(),
            resetAt.ValueKind == JsonValueKind.Null ? null : resetAt.GetDateTime(),
            answer.Header("retry-after"),
            answer.Header("x-should-retry")
        )
        {
            Reason = gateway.GetProperty("reason").GetString(),
            Needed = gateway.GetProperty("needed").GetDecimal(),
            Held = gateway.TryGetProperty("held", out var held) ? held.GetDecimal() : null,
            MaxTokens = gateway.TryGetProperty("max_tokens", out var maximum) ? maximum.GetInt64() : null,
        };
    }
}
