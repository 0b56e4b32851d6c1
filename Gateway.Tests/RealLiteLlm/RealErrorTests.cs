namespace Gateway.Tests.RealLiteLlm;

[Collection(RealLiteLlmTests.Name)]
public sealed class RealErrorTests(RealHub real)
{
    [RealLiteLlmTheory]
    [InlineData("err-400", 400, "Invalid value for 'temperature': 9.")]
    [InlineData("err-403", 502, "The upstream refused the gateway's own credential or budget. The gateway's operator must fix this.")]
    [InlineData("err-408", 408, "Request timed out upstream.")]
    [InlineData("err-413", 429, "Request too large.")] // LiteLLM makes 429 of it
    [InlineData("err-422", 422, "Unprocessable.")]
    [InlineData(
        "err-429",
        429,
        "Rate limit reached for mock in organization org-mock on requests per min (RPM): Limit 3, Used 3, Requested 1."
    )]
    [InlineData("err-quota", 429, "You exceeded your current quota, please check your plan and billing details.")]
    [InlineData("err-500", 500, "The server had an error while processing your request.")]
    [InlineData("err-502", 502, "Bad gateway.")]
    [InlineData("err-503", 503, "The engine is currently overloaded, please try again later.")]
    [InlineData("err-504", 504, "Gateway timeout.")]
    [InlineData("err-529", 529, "Overloaded.")]
    [InlineData("err-context", 400, "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.")]
    [InlineData("err-content", 400, "Your request was rejected as a result of our safety system.")]
    [InlineData("refuse", 500, "Connection error.")]
    [InlineData("unreachable", 500, "Connection error.")]
    [InlineData("claude-err-400", 400, "Invalid value for 'temperature': 9.")]
    [InlineData(
        "claude-err-429",
        429,
        "Rate limit reached for mock in organization org-mock on requests per min (RPM): Limit 3, Used 3, Requested 1."
    )]
    [InlineData("claude-err-529", 500, "Overloaded.")]
    public async Task An_error_keeps_its_status_and_the_providers_sentence(string model, int status, string sentence)
    {
        foreach (var stream in new[] { false, true })
        {
            var answer = await real.ChatAsync(model, stream);
            var record = await answer.RecordAsync();
            Assert.Equal((status, sentence), (answer.Status, answer.Json["error"]!["message"]!.GetValue<string>()));
            Assert.Equal(("failed", status, 0), (record.Status, record.HttpStatus, record.TotalCostNanoUsd));
        }
    }

    // After these LiteLLM rests the deployment for 5 s, and answers 429 in its place: only the first answer is known.
    [RealLiteLlmTheory]
    [InlineData("err-401", 502)]
    [InlineData("err-404", 404)]
    public async Task An_error_that_rests_the_deployment_keeps_its_status_or_is_429(string model, int status)
    {
        var answer = await real.ChatAsync(model);
        Assert.Contains(answer.Status, new[] { status, 429 });
    }

    [RealLiteLlmTheory]
    [InlineData("err-429")]
    [InlineData("err-503")]
    public async Task The_providers_wait_reaches_the_client(string model) =>
        Assert.Equal(3, (await real.ChatAsync(model)).Http.Headers.RetryAfter?.Delta?.TotalSeconds);

    [RealLiteLlmTheory]
    [InlineData("sseerror", "The server had an error while processing your request.")]
    [InlineData("sseerror-429", "Rate limit reached")]
    [InlineData("drop", "Connection error.")]
    [InlineData("end-early", "Stream ended before a finish_reason was received")]
    [InlineData("claude-sseerror", "Overloaded")]
    [InlineData("repeat", "The model is repeating the same chunk")]
    public async Task A_stream_that_breaks_says_so_and_is_charged_as_far_as_it_came(string model, string sentence)
    {
        var answer = await real.ChatAsync(model, stream: true);
        var record = await answer.RecordAsync();
        Assert.Contains(
            answer.Chunks,
            chunk => chunk["error"]?["message"]?.GetValue<string>().StartsWith(sentence, StringComparison.Ordinal) == true
        );
        Assert.Equal(("upstream_error", "estimated"), (record.Outcome, record.UsageSource));
        Assert.True(record.TotalCostNanoUsd > 0);
    }

    [RealLiteLlmFact]
    public async Task An_error_that_is_the_first_event_has_a_status()
    {
        var answer = await real.ChatAsync("sseerror-first", stream: true);
        Assert.Equal(
            (500, "The server had an error while processing your request."),
            (answer.Status, answer.Json["error"]!["message"]!.GetValue<string>())
        );
    }

    [RealLiteLlmTheory]
    [InlineData("empty")]
    [InlineData("err-in-200")]
    public async Task A_stream_without_content_is_free(string model)
    {
        var record = await (await real.ChatAsync(model, stream: true)).RecordAsync();
        Assert.Equal(("upstream_empty", 0), (record.Outcome, record.TotalCostNanoUsd));
    }

    [RealLiteLlmTheory]
    [InlineData("err-500")]
    [InlineData("err-context")]
    [InlineData("hang")]
    [InlineData("badjson")]
    [InlineData("claude-drop")]
    public async Task No_error_names_LiteLlm(string model)
    {
        var answer = await real.ChatAsync(model);
        Assert.DoesNotContain("litellm", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("fallback", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Deployment Info", answer.Text, StringComparison.Ordinal);
    }
}
