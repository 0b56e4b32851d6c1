using System.Net.WebSockets;
using System.Text.Json;
using Gateway.Core.Pricing;
using Gateway.Tests.Support;

namespace Gateway.Tests.Realtime;

/// <summary>Sessions that go well: what passes, and what each response is charged.</summary>
public sealed class RealtimeSessionTests
{
    // gpt-realtime, nano-dollars a token.
    private const long Text = 4_000;
    private const long Said = 16_000;

    private const string Speak = """{"type":"session.update","session":{"type":"realtime","output_modalities":["audio"]}}""";

    [Fact]
    public async Task Events_pass_both_ways_and_a_response_is_charged_as_a_call_of_its_own()
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync();
        var done = await client.AskAsync("Hello");
        Assert.Equal(
            ["session.created", "conversation.item.added", "response.created", "response.output_text.delta", "response.done"],
            client.Types
        );
        var part = Assert.Single(await hub.PartsAsync(client, 1));
        Assert.Equal(("ok", "reported", "arealtime", "openai"), (part.Outcome, part.UsageSource, part.CallType, part.Upstream));
        Assert.Equal((10L, 8L, (10 * Text) + (8 * Said)), (part.Usage.Input, part.Usage.Output, part.TotalCostNanoUsd));
        Assert.Equal(done.GetProperty("response").GetProperty("id").GetString(), part.ExternalRequestId);
        Assert.NotEqual(client.SessionId, part.Id);
        await client.CloseAsync();
        var session = await hub.Hub.RecordAsync(client.SessionId);
        Assert.Equal(("ok", 0L, 0L), (session.Outcome, session.TotalCostNanoUsd, session.Usage.TotalTokens));
        Assert.Equal($"/v1/realtime?model={RealtimeHub.Model}", hub.Provider.Calls[^1].Path);
        Assert.Equal("Bearer " + hub.Provider.ApiKey, hub.Provider.Calls[^1].Headers["authorization"]);
    }

    // Cached text and cached sound cost the same with one, and not with the other.
    [Theory]
    [InlineData("gpt-realtime", 4_000, 400, 400, 32_000, 16_000, 64_000)]
    [InlineData("gpt-realtime-mini", 600, 60, 300, 10_000, 2_400, 20_000)]
    public async Task Sound_and_what_was_cached_are_charged_by_their_own_prices(
        string model,
        long text,
        long cached,
        long cachedSound,
        long sound,
        long said,
        long spoken
    )
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync(model: model);
        await client.SendAsync(Speak);
        await client.SendAsync($$"""{"type":"input_audio_buffer.append","audio":"{{new string('A', 64_000)}}"}""");
        await client.SendAsync("""{"type":"input_audio_buffer.commit"}""");
        await client.AskAsync("Hello");
        await client.SendAsync("""{"type":"response.create"}""");
        await client.UntilAsync("response.done");
        var parts = await hub.PartsAsync(client, 2);
        Assert.Equal((10L, 25L, 8L, 16L), Classes(parts[0]));
        Assert.Equal((10 * text) + (25 * sound) + (8 * said) + (16 * spoken), parts[0].TotalCostNanoUsd);
        Assert.Equal((0L, 0L, 8L, 16L), Classes(parts[1]));
        Assert.Equal((10L, 25L), (parts[1].Usage.CacheRead, parts[1].Usage[TokenClass.CacheReadAudio]));
        Assert.Equal((10 * cached) + (25 * cachedSound) + (8 * said) + (16 * spoken), parts[1].TotalCostNanoUsd);
    }

    [Theory]
    [InlineData("gpt-4o-transcribe", 34, 0)]
    [InlineData("whisper-1", 0, 3_000)]
    public async Task A_transcription_is_charged_by_the_model_that_made_it(string model, long tokens, long milliseconds)
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync();
        await client.SendAsync(
            """
            {"type":"session.update","session":{"type":"realtime","audio":{"input":{"transcription":{"model":"MODEL"}}}}}
            """.Replace("MODEL", model, StringComparison.Ordinal)
        );
        await client.SendAsync("""{"type":"input_audio_buffer.commit"}""");
        await client.UntilAsync("conversation.item.input_audio_transcription.completed");
        var part = Assert.Single(await hub.PartsAsync(client, 1));
        Assert.Equal((model, "reported", "ok"), (part.ModelName, part.UsageSource, part.Outcome));
        Assert.Equal((tokens, milliseconds), (part.Usage.TotalTokens, part.Usage.Items.InputMilliseconds));
        Assert.True(part.TotalCostNanoUsd > 0);
    }

    [Fact]
    public async Task A_response_that_is_cancelled_is_charged_by_what_the_provider_tells()
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync();
        await client.SayAsync("wait");
        await client.SendAsync("""{"type":"response.create"}""");
        await client.UntilAsync("response.created");
        await client.SendAsync("""{"type":"response.cancel"}""");
        await client.UntilAsync("response.done");
        var part = Assert.Single(await hub.PartsAsync(client, 1));
        Assert.Equal(("ok", "reported", 8L), (part.Outcome, part.UsageSource, part.Usage.Output));
    }

    [Fact]
    public async Task A_response_that_does_not_tell_its_usage_is_estimated()
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync();
        await client.AskAsync("no usage");
        var part = Assert.Single(await hub.PartsAsync(client, 1));
        Assert.Equal(("ok", "estimated", 10L), (part.Outcome, part.UsageSource, part.Usage.Output)); // 39 bytes
        Assert.True(part.Usage.Input > 0);
    }

    [Fact]
    public async Task Two_sessions_at_once_are_charged_apart()
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var one = await hub.OpenAsync();
        using var other = await hub.OpenAsync();
        await Task.WhenAll(one.AskAsync("Hello"), other.AskAsync("Hello"));
        await other.AskAsync("And again");
        await hub.PartsAsync(one, 1);
        var parts = await hub.PartsAsync(other, 2);
        Assert.Equal([(10L, 0L), (10L, 10L)], parts.Select(p => (p.Usage.Input, p.Usage.CacheRead)));
    }

    [Fact]
    public async Task A_browser_shows_its_key_as_a_subprotocol_and_it_does_not_go_on()
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync(byProtocol: true);
        Assert.Equal("realtime", client.Protocol);
        await client.AskAsync("Hello");
        Assert.DoesNotContain(hub.Provider.Calls[^1].Headers.Values, value => value.Contains("sk-hub-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_is_one_call_in_flight_and_its_responses_count_as_tokens()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await hub.Hub.AddCallerAsync();
        await hub.Hub.AddKeyRateLimitAsync(caller, l => (l.MaxConcurrent, l.RequestsPerMinute, l.TokensPerMinute) = (1, 2, 1_000));
        using var http = hub.Hub.NewClient(caller.Text);
        using var client = await hub.OpenAsync(caller.Text);
        await client.AskAsync("Hello");
        var error = await hub.RefusedAsync(caller.Text);
        Assert.Equal((429, "rate_limit_exceeded"), (error.Status, error.Code));
        var rates = (await http.LimitsAsync()).Rates;
        Assert.Equal((1L, 1L), (Rate(rates, "requests_per_minute").Used, Rate(rates, "max_concurrent").Held));
        Assert.Equal(18, Rate(rates, "tokens_per_minute").Used);
        await client.CloseAsync();
        await http.AtRestAsync();
    }

    [Fact]
    public async Task The_models_of_an_update_have_to_be_the_sessions_and_allowed()
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync();
        await client.SendAsync("""{"type":"session.update","session":{"model":"gpt-4o-mini"}}""");
        Assert.Equal("unsupported_value", CodeOf(await client.UntilAsync("error")));
        await client.SendAsync("""{"type":"session.update","session":{"input_audio_transcription":{"model":"no-such-model"}}}""");
        Assert.Equal("model_not_found", CodeOf(await client.UntilAsync("error")));
        await client.SendAsync("""{"type":"session.update","session":{"model":"gpt-realtime"}}""");
        await client.UntilAsync("session.updated");
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"type":"response.create","type":"session.update"}""")]
    [InlineData("""{"session":{}}""")]
    public async Task What_is_no_event_is_told_and_not_sent_on(string message)
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync();
        await client.SendAsync(message);
        Assert.Equal("invalid_event", CodeOf(await client.UntilAsync("error")));
        await client.AskAsync("Hello"); // it goes on
    }

    [Fact]
    public async Task An_event_that_is_too_large_ends_the_session()
    {
        await using var hub = await RealtimeHub.StartAsync(settings: ("MAX_EVENT_BYTES", "4096"));
        using var client = await hub.OpenAsync();
        await client.SayAsync(new string('a', 5_000));
        Assert.Equal("event_too_large", (await client.EndAsync())?.GetProperty("code").GetString());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.CloseStatus);
    }

    private static string? CodeOf(JsonElement told) => told.GetProperty("error").GetProperty("code").GetString();

    private static RateSeen Rate(IEnumerable<RateSeen> rates, string window) => rates.Single(r => r.Window == window);

    private static (long Text, long Sound, long Said, long Spoken) Classes(Gateway.Core.Storage.Entities.UsageRecord part) =>
        (part.Usage.Input, part.Usage.InputAudio, part.Usage.Output, part.Usage.OutputAudio);
}
