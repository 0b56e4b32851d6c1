using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;

namespace Gateway.Tests.RealLiteLlm;

/// <summary>The tests of this folder share one product and run one after the other: the LiteLLM under test is a single slow process.</summary>
[CollectionDefinition(Name)]
public sealed class RealLiteLlmTests : ICollectionFixture<RealHub>
{
    public const string Name = "Real LiteLLM";
}

/// <summary>The product in front of a real LiteLLM, its catalogue synced from there. Not started when there is none: then every test is skipped.</summary>
public sealed class RealHub : IAsyncLifetime
{
    private HubHost? _hub;

    public HubHost Hub => _hub ?? throw new InvalidOperationException("There is no real LiteLLM.");

    public async Task InitializeAsync()
    {
        if (RealLiteLlmSettings.Address is { } address)
        {
            _hub = await HubHost.StartAsync(settings: new Dictionary<string, string>
            {
                ["LITELLM_BASE_URL"] = address,
                ["LITELLM_API_KEY"] = RealLiteLlmSettings.Key,
                ["LITELLM_NUM_RETRIES"] = "0",   // else LiteLLM tries each failing call three times, for seconds
            });
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
        var body = new JsonObject { ["model"] = model, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" }) };
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

/// <summary>An answer, and the way to its row in the ledger.</summary>
public sealed record RealAnswer(HttpResponseMessage Http, string Text, Func<Task<UsageRecord>> RecordAsync)
{
    public int Status => (int)Http.StatusCode;

    /// <summary>A plain answer.</summary>
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The events of a stream, without <c>[DONE]</c>.</summary>
    public IReadOnlyList<JsonNode> Chunks =>
        [.. Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(text => text.StartsWith("data: {", StringComparison.Ordinal)).Select(text => JsonNode.Parse(text["data: ".Length..])!)];

    /// <summary>Whether the stream ended with its end mark.</summary>
    public bool IsDone => Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);

    /// <summary>The text that a stream or a plain answer says.</summary>
    public string Content
    {
        get
        {
            var text = new StringBuilder();
            foreach (var part in Text.StartsWith('{') ? [Json] : Chunks)
            {
                var choice = part["choices"]?.AsArray().FirstOrDefault();
                text.Append((choice?["delta"]?["content"] ?? choice?["message"]?["content"] ?? choice?["text"])?.GetValue<string>());
            }
            return text.ToString();
        }
    }
}
