using System.Net;
using Gateway.Core.Storage.Entities;
using Gateway.Sandbox;
using Gateway.Tests.Support;

namespace Gateway.Tests.Answers;

/// <summary>Each way in which the sandbox can fail: what the client is told, what is recorded, what is charged.</summary>
public sealed class UpstreamFaultTests(UpstreamFaultTests.Fixture fixture) : IClassFixture<UpstreamFaultTests.Fixture>
{
    private readonly HubHost _hub = fixture.Hub;

    [Theory]
    [InlineData("sandbox-status-400", 400, "invalid_request_error", "Invalid value for 'temperature': 9.")]
    [InlineData("sandbox-status-404", 404, "invalid_request_error", "The model `nope` does not exist or you do not have access to it.")]
    [InlineData("sandbox-status-413", 413, "invalid_request_error", "Request too large.")]
    [InlineData("sandbox-status-422", 422, "invalid_request_error", "Unprocessable.")]
    [InlineData(
        "sandbox-status-429",
        429,
        "throttling_error",
        "Rate limit reached for mock in organization org-mock on requests per min (RPM): Limit 3, Used 3, Requested 1."
    )]
    [InlineData("sandbox-status-500", 500, "internal_server_error", "The server had an error while processing your request.")]
    [InlineData("sandbox-status-502", 502, "internal_server_error", "Bad gateway.")]
    [InlineData("sandbox-status-503", 503, "internal_server_error", "The engine is currently overloaded, please try again later.")]
    [InlineData("sandbox-status-529", 529, "internal_server_error", "Overloaded.")]
    [InlineData("sandbox-provider-413", 429, "throttling_error", "Request too large.")]
    [InlineData("sandbox-error-event-first", 500, "internal_server_error", "The server had an error while processing your request.")]
    public async Task An_upstreams_error_keeps_its_status_and_the_providers_sentence(string model, int status, string type, string message)
    {
        foreach (var body in new[] { InferenceCalls.Chat(model), InferenceCalls.Stream(model) })
        {
            var answer = await _hub.Client.ChatAsync(body);
            var error = await answer.ErrorAsync();
            Assert.Equal((status, type, message), (error.Status, error.Type, error.Message));
            Assert.Null(error.Origin);
            Assert.Equal("upstream", answer.Headers.GetValues("x-oneui-origin").Single());
            await AssertFreeAsync(answer, "upstream_error", status);
        }
    }

    [Fact]
    public async Task The_providers_retry_after_reaches_the_client()
    {
        Assert.NotNull((await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-status-429"))).Headers.RetryAfter);
        Assert.Equal(
            TimeSpan.FromSeconds(7),
            (await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-status-429-retry-7"))).Headers.RetryAfter?.Delta
        );
    }

    [Theory, InlineData("sandbox-status-401"), InlineData("sandbox-status-403"), InlineData("sandbox-budget-exceeded")]
    public async Task What_is_ours_to_mend_is_502(string model)
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat(model));
        await answer.AssertRefusedAsync(502, "server_error", "upstream_refused");
        await AssertFreeAsync(answer, "upstream_refused", 502);
    }

    [Theory]
    [
        InlineData("sandbox-redirect", "upstream_invalid_response", "upstream_invalid"),
        InlineData("sandbox-null-body", "upstream_invalid_response", "upstream_invalid")
    ]
    [
        InlineData("sandbox-wrong-content-type", "upstream_invalid_response", "upstream_invalid"),
        InlineData("sandbox-malformed-json", "upstream_invalid_response", "upstream_invalid")
    ]
    [
        InlineData("sandbox-drop-mid-body", "upstream_invalid_response", "upstream_truncated"),
        InlineData("sandbox-drop-before-headers", "upstream_unreachable", "upstream_unreachable")
    ]
    public async Task A_plain_answer_that_is_none_is_502_and_free(string model, string code, string outcome)
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat(model));
        await answer.AssertRefusedAsync(502, "server_error", code);
        await AssertFreeAsync(answer, outcome, 502);
        Assert.False(answer.Headers.Contains("x-oneui-cost-usd"));
    }

    [
        Theory,
        InlineData("sandbox-redirect", "upstream_invalid"),
        InlineData("sandbox-wrong-content-type", "upstream_invalid"),
        InlineData("sandbox-drop-before-headers", "upstream_unreachable")
    ]
    public async Task A_stream_that_never_begins_is_502_and_free(string model, string outcome)
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream(model));
        Assert.Equal(502, (await answer.ErrorAsync()).Status);
        await AssertFreeAsync(answer, outcome, 502);
    }

    [Theory, InlineData("sandbox-html-error", 502), InlineData("sandbox-empty-error", 500)]
    public async Task An_error_without_json_is_told_in_shape(string model, int status)
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat(model));
        var error = await answer.ErrorAsync();
        Assert.Equal((status, $"The upstream answered with status {status}."), (error.Status, error.Message));
        await AssertFreeAsync(answer, "upstream_error", status);
    }

    [Fact]
    public async Task A_plain_success_without_content_and_usage_is_free()
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-empty"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await AssertFreeAsync(answer, "upstream_empty", 200);
    }

    [Fact]
    public async Task A_streamed_success_without_content_and_usage_is_free()
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream("sandbox-empty"));
        await AssertFreeAsync(answer, "upstream_empty", 200);
    }

    [Theory, InlineData("sandbox-drop-mid-stream"), InlineData("sandbox-drop-mid-body")]
    public async Task A_stream_that_breaks_ends_with_an_error_event_and_is_charged_as_far_as_it_came(string model)
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream(model));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"code\":\"upstream_truncated\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.True(answer.IsCut());
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("upstream_truncated", "estimated", RecordedStatus.Completed), (record.Outcome, record.UsageSource, record.Status));
        Assert.True(record.TotalCostNanoUsd > 0);
    }

    [Fact]
    public async Task A_stream_that_is_reset_is_told_as_broken_with_or_without_what_came_before()
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream("sandbox-reset-mid-stream"));
        Assert.Matches("\"code\":\"upstream_(truncated|unreachable)\"", await answer.Content.ReadAsStringAsync());
        var record = await _hub.RecordAsync(answer);
        Assert.Matches("upstream_(truncated|unreachable)", record.Outcome);
        Assert.Equal(answer.IsSuccessStatusCode, record.TotalCostNanoUsd > 0);
    }

    [
        Theory,
        InlineData("sandbox-error-event"),
        InlineData("sandbox-error-event-429"),
        InlineData("sandbox-error-event-408"),
        InlineData("sandbox-provider-drop")
    ]
    public async Task An_error_inside_a_stream_goes_on_in_shape_and_what_came_before_is_charged(string model)
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream(model));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("data: {\"error\":{\"message\":", text, StringComparison.Ordinal);
        Assert.DoesNotContain("litellm", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.True(answer.IsCut());
        var record = await _hub.RecordAsync(answer);
        Assert.Equal("upstream_error", record.Outcome);
        Assert.Equal("estimated", record.UsageSource);
    }

    [
        Theory,
        InlineData("sandbox-chat"),
        InlineData("sandbox-crlf"),
        InlineData("sandbox-comments"),
        InlineData("sandbox-split-1"),
        InlineData("sandbox-no-done"),
        InlineData("sandbox-null-id"),
        InlineData("sandbox-usage-each"),
        InlineData("sandbox-malformed-json")
    ]
    public async Task An_odd_but_whole_stream_is_charged_exactly(string model)
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream(model));
        await answer.Content.ReadAsStringAsync();
        var record = await _hub.RecordAsync(answer);
        var truth = _hub.Sandbox!.Ledger.Find(answer.RequestId())!.Usage;
        Assert.Equal(("ok", "reported"), (record.Outcome, record.UsageSource));
        Assert.Equal((truth.PromptTokens, truth.CompletionTokens), (record.Usage.Input, record.Usage.Output));
        Assert.Equal((truth.PromptTokens * 2_000L) + (truth.CompletionTokens * 11_000L), record.TotalCostNanoUsd);
    }

    [Fact]
    public async Task A_plain_answer_carries_its_cost()
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-usage-1000-500"));
        Assert.Equal(
            0.0075m,
            decimal.Parse(answer.Headers.GetValues("x-oneui-cost-usd").Single(), System.Globalization.CultureInfo.InvariantCulture)
        );
        Assert.Equal(7_500_000, (await _hub.RecordAsync(answer)).TotalCostNanoUsd);
    }

    [Fact]
    public async Task A_large_plain_answer_streams_through_whole_and_is_charged_exactly()
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-large-1024"));
        Assert.True(
            (await answer.JsonAsync()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!.Length
                >= 1024 * 1024
        );
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("ok", "reported", 131_072L), (record.Outcome, record.UsageSource, record.Usage.Output));
    }

    [
        Theory,
        InlineData("/v1/completions", "{\"model\":\"sandbox-chat\",\"prompt\":\"Hi\"}"),
        InlineData("/v1/embeddings", "{\"model\":\"sandbox-embedding\",\"input\":\"Hi\"}")
    ]
    public async Task The_other_apis_are_charged_exactly(string path, string body)
    {
        var answer = await _hub.Client.SendAsync(InferenceCalls.Post(path, body));
        var record = await _hub.RecordAsync(answer);
        var truth = _hub.Sandbox!.Ledger.Find(answer.RequestId())!.Usage;
        Assert.Equal(
            ("ok", (long)truth.PromptTokens, (long)truth.CompletionTokens),
            (record.Outcome, record.Usage.Input, record.Usage.Output)
        );
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_upstream_that_never_answers_is_504_and_free(bool stream)
    {
        var answer = await _hub.Client.ChatAsync(stream ? InferenceCalls.Stream("sandbox-hang") : InferenceCalls.Chat("sandbox-hang"));
        await answer.AssertRefusedAsync(504, "server_error", "upstream_timeout");
        await AssertFreeAsync(answer, "upstream_timeout", 504);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_ends_with_an_error_event()
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream("sandbox-stall"));
        Assert.Contains("\"code\":\"upstream_timeout\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(answer.IsCut());
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("upstream_timeout", "estimated", 200), (record.Outcome, record.UsageSource, record.HttpStatus));
    }

    [Fact]
    public async Task A_stream_may_take_longer_than_the_limits_as_long_as_it_is_not_silent()
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream("sandbox-trickle"));
        Assert.Contains("[DONE]", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("ok", "reported"), (record.Outcome, record.UsageSource));
        Assert.True(record.EndedAt - record.AdmittedAt > TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task No_upstream_is_503()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["SANDBOX"] = "false" });
        await (await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(
            404,
            "invalid_request_error",
            "model_not_found",
            "model"
        );
        await hub.DecideHereAsync(
            ChangedEntities.Model,
            "m1",
            null,
            async db =>
            {
                var now = DateTime.UtcNow;
                db.Companies.Add(
                    new Company
                    {
                        Id = "c1",
                        Name = "c",
                        CreatedAt = now,
                        UpdatedAt = now,
                    }
                );
                await db.SaveChangesAsync();
                db.Models.Add(
                    new CatalogModel
                    {
                        Id = "m1",
                        CompanyId = "c1",
                        Name = "fake",
                        Mode = "chat",
                        CreatedAt = now,
                        UpdatedAt = now,
                    }
                );
            }
        );
        await (await hub.Client.ChatAsync(InferenceCalls.Chat("fake"))).AssertRefusedAsync(503, "server_error", "litellm_not_configured");
    }

    [Fact]
    public async Task An_upstream_that_goes_down_is_502_and_free()
    {
        var upstream = await FakeUpstream.StartAsync();
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = upstream.Address.ToString() }
        );
        await upstream.DisposeAsync();
        var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        await answer.AssertRefusedAsync(502, "server_error", "upstream_unreachable");
        var record = await hub.RecordAsync(answer);
        Assert.Equal(("upstream_unreachable", 0L, 1), (record.Outcome, record.TotalCostNanoUsd, record.Attempts));
    }

    private async Task AssertFreeAsync(HttpResponseMessage answer, string outcome, int status)
    {
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(
            (outcome, RecordedStatus.Failed, "none", 0L, status),
            (record.Outcome, record.Status, record.UsageSource, record.TotalCostNanoUsd, record.HttpStatus)
        );
    }

    private static class RecordedStatus
    {
        public const string Completed = "completed";
        public const string Failed = "failed";
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public HubHost Hub { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string> { ["UPSTREAM_FIRST_BYTE_SECONDS"] = "1", ["UPSTREAM_IDLE_SECONDS"] = "1" },
                sandbox: new SandboxOptions { TrickleInterval = TimeSpan.FromMilliseconds(8) }
            );

        public async Task DisposeAsync() => await Hub.DisposeAsync();
    }
}
