using System.Text.Json.Nodes;
using Gateway.Tests.Support;

namespace Gateway.Tests.RealLiteLlm;

/// <summary>
/// The product in front of a real LiteLLM, its catalogue synced from there. Not started when there is none: then every test is skipped.
/// </summary>
public sealed class RealHub : IAsyncLifetime
{
    private HubHost? _hub;

    public HubHost Hub => _hub ?? throw new InvalidOperationException("There is no real LiteLLM.");

    public async Task InitializeAsync()
    {
        if (RealLiteLlmSettings.Address is { } address)
        {
            _hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string>
                {
                    ["LITELLM_BASE_URL"] = address,
                    ["LITELLM_API_KEY"] = RealLiteLlmSettings.Key,
                    ["LITELLM_NUM_RETRIES"] = "0", // else LiteLLM tries each failing call three times, for seconds
                }
            );
            var listed = await _hub.Client.GetStringAsync("/v1/models");
            Assert.True(listed.Contains("\"id\"", StringComparison.Ordinal), $"No models could be read from {address}.");
        }
    }

    public async Task DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }

    /// <summary>Calls and waits for the whole answer.</summary>
    public async Task<RealAnswer> CallAsync(string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        // A stream that failed breaks off behind its error event.
        using var answer = await (await Hub.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).ReadAsFarAsItComesAsync();
        var text = await answer.Content.ReadAsStringAsync();
        return new RealAnswer(answer, text, () => Hub.RecordAsync(answer));
    }

    /// <summary>One chat call.</summary>
    public Task<RealAnswer> ChatAsync(string model, bool stream = false, bool includeUsage = false, Action<JsonObject>? change = null)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" }),
        };
        if (stream)
        {
            body["stream"] = true;
        }
        if (includeUsage)
        {
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }
        change?.Invoke(body);
        return CallAsync("/v1/chat/completions", body);
    }
}
