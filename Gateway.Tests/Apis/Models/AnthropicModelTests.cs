using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Models;

/// <summary>The lists of models as Anthropic's SDKs and Claude Code ask for them.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class AnthropicModelTests(SharedHub shared)
{
    private readonly HubHost _hub = shared.Hub;

    [Fact]
    public async Task Models_are_listed_as_Anthropic_lists_them()
    {
        var list = await GetAsync("/v1/models?limit=1000");
        var model = list.GetProperty("data").EnumerateArray().Single(m => m.GetProperty("id").GetString() == "claude-sonnet-4");
        Assert.Equal("model", model.GetProperty("type").GetString());
        Assert.Equal("claude-sonnet-4", model.GetProperty("display_name").GetString());
        Assert.True(model.GetProperty("created_at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.False(list.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task Pages_follow_each_other_in_both_directions()
    {
        var first = await GetAsync("/v1/models?limit=2");
        var next = await GetAsync($"/v1/models?limit=2&after_id={Uri.EscapeDataString(first.GetProperty("last_id").GetString()!)}");
        var back = await GetAsync($"/v1/models?limit=2&before_id={Uri.EscapeDataString(next.GetProperty("first_id").GetString()!)}");
        Assert.True(first.GetProperty("has_more").GetBoolean());
        Assert.Equal(2, next.GetProperty("data").GetArrayLength());
        Assert.Equal(first.GetProperty("data").ToString(), back.GetProperty("data").ToString());
    }

    [Fact]
    public async Task One_model_is_found_and_an_unknown_one_is_a_not_found_error()
    {
        Assert.Equal("claude-sonnet-4", (await GetAsync("/v1/models/claude-sonnet-4")).GetProperty("id").GetString());
        var unknown = await GetAsync("/v1/models/nope");
        Assert.Equal("not_found_error", unknown.GetProperty("error").GetProperty("type").GetString());
        var limit = await GetAsync("/v1/models?limit=0");
        Assert.Equal("invalid_request_error", limit.GetProperty("error").GetProperty("type").GetString());
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("anthropic-version", "2023-06-01");
        return await (await _hub.Client.SendAsync(request)).JsonAsync();
    }
}
