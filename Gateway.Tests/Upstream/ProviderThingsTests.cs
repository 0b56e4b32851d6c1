using System.Net;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Apis.Pieces;
using Gateway.Tests.Support;

namespace Gateway.Tests.Upstream;

/// <summary>OpenAI's moderations, pictures and sound without LiteLLM: sent as they came, metered by what OpenAI tells, charged.</summary>
public sealed class ProviderThingsTests : IAsyncLifetime
{
    private ProviderHost _provider = null!;
    private HubHost _hub = null!;

    public async Task InitializeAsync()
    {
        _provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        _hub = await ProviderHubs.StartAsync("openai", _provider);
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _provider.DisposeAsync();
    }

    // Path, model, nano-dollars.
    [
        Theory,
        InlineData("/v1/moderations", "omni-moderation-latest", 0),
        InlineData("/v1/images/generations", "gpt-image-1", (1 * 5_000) + (1_056 * 40_000)),
        InlineData("/v1/images/edits", "gpt-image-1", (1 * 5_000) + (1_056 * 10_000) + (1_056 * 40_000)),
        InlineData("/v1/audio/speech", "tts-1", 11 * 15_000),
        InlineData("/v1/audio/transcriptions", "whisper-1", 2 * 100_000),
        InlineData("/v1/audio/transcriptions", "gpt-4o-transcribe", (20 * 2_500) + (8 * 10_000))
    ]
    public async Task A_call_goes_to_the_provider_and_costs_what_it_used(string path, string model, long cost)
    {
        var answer = await _hub.Client.CallAsync(path, model);
        var bytes = await answer.Content.ReadAsByteArrayAsync();

        Assert.True(answer.StatusCode == HttpStatusCode.OK, System.Text.Encoding.UTF8.GetString(bytes));
        var call = _provider.Calls[^1];
        Assert.Equal((path, "Bearer " + _provider.ApiKey), (call.Path, call.Headers["authorization"]));
        Assert.Contains(model, call.Body, StringComparison.Ordinal);
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal(("openai", "ok", cost), (record.Upstream, record.Outcome, record.TotalCostNanoUsd));
    }

    // Nobody ships prices of these: they are answered to callers without budgets, and cost what an admin says.
    [
        Theory,
        InlineData("/v1/images/generations", "dall-e-3"),
        InlineData("/v1/images/variations", "dall-e-2"),
        InlineData("/v1/audio/translations", "whisper-1")
    ]
    public async Task What_tells_no_usage_is_answered(string path, string model)
    {
        var answer = await _hub.Client.CallAsync(path, model);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        Assert.Equal(path, _provider.Calls[^1].Path);
        Assert.Equal("ok", (await _hub.RecordAsync(answer.RequestId())).Outcome);
    }

    [Theory, InlineData("/v1/images/generations", "response_format"), InlineData("/v1/audio/speech", "voices")]
    public async Task What_OpenAI_refuses_is_told_in_its_words_and_free(string path, string member)
    {
        var model = path.EndsWith("speech", StringComparison.Ordinal) ? "tts-1" : "gpt-image-1";
        var answer = await _hub.Client.CallAsync(path, model, member);
        var error = await answer.ErrorAsync();
        Assert.Equal(400, error.Status);
        Assert.Equal(0, (await _hub.RecordAsync(answer.RequestId())).TotalCostNanoUsd);
    }
}
