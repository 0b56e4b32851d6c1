using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Models;

/// <summary><c>GET /v1/models?filter</c>: models by what they do.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class ModelFilterTests(SharedHub shared)
{
    private readonly HttpClient _client = shared.Hub.Client;

    [Theory]
    [InlineData("rerank", "rerank-v3.5", "gpt-4o")]
    [InlineData("chat,vision", "claude-sonnet-4", "sandbox-chat")]
    [InlineData("chat, function_calling", "gpt-4o", "text-embedding-3-small")]
    [InlineData("", "gpt-4o", "no-such-model")]
    public async Task Models_that_do_all_of_it_are_listed(string filter, string listed, string left)
    {
        var names = await NamesAsync("/v1/models?filter=" + Uri.EscapeDataString(filter));
        Assert.Contains(listed, names);
        Assert.DoesNotContain(left, names);
    }

    [Fact]
    public async Task Word_that_no_model_knows_is_refused() =>
        await (await _client.GetAsync("/v1/models?filter=flying")).AssertRefusedAsync(
            400,
            "invalid_request_error",
            "invalid_value",
            "filter"
        );

    private async Task<IEnumerable<string?>> NamesAsync(string path) =>
        (await (await _client.GetAsync(path)).JsonAsync())
            .GetProperty("data")
            .EnumerateArray()
            .Select(m => m.GetProperty("id").GetString())
            .ToList();
}
