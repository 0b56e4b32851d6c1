using System.Net;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits.Bound;

/// <summary>A budgeted call without a maximum on a model whose longest answer nobody knows, as self-hosted ones are.</summary>
public sealed class OutputDefaultTests
{
    private const string Model = "sandbox-limits-unknown";
    private const string Key = "default_max_output_tokens";

    [Fact]
    public async Task The_setting_gives_the_maximum_to_put_in_and_a_change_acts_at_the_next_call()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000);
        Assert.Contains("\"max_tokens\":4096", await SentAsync(hub, client, InferenceCalls.Chat(Model)), StringComparison.Ordinal);
        Assert.Contains(
            "\"max_tokens\":77}",
            await SentAsync(hub, client, InferenceCalls.Chat(Model, ",\"max_tokens\":77")),
            StringComparison.Ordinal
        ); // the client's goes before
        await SetAsync(hub, "300");
        Assert.Contains("\"max_tokens\":300", await SentAsync(hub, client, InferenceCalls.Stream(Model)), StringComparison.Ordinal);
        await SetAsync(hub, "");
        var refused = await client.ChatAsync(InferenceCalls.Chat(Model));
        var error = await refused.AssertRefusedAsync(400, "invalid_request_error", "unbounded_request", "max_tokens");
        Assert.Contains(Key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_option_goes_before_the_setting()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DEFAULT_MAX_OUTPUT_TOKENS"] = "555" });
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000);
        await SetAsync(hub, "300");
        Assert.Contains("\"max_tokens\":555", await SentAsync(hub, client, InferenceCalls.Chat(Model)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_budget_nothing_is_put_in()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        Assert.DoesNotContain("max_tokens", await SentAsync(hub, client, InferenceCalls.Chat(Model)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4_096, 2_000, 3_000)] // a window that is no longer than the default: what the prompt leaves
    [InlineData(100_000, 2_000, 4_096)]
    public void The_default_leaves_room_for_the_prompt_where_the_window_is_known(long window, int promptBytes, long expected)
    {
        var bound = Bounds.Of(
            Bounds.Chat($"\"{new string('a', promptBytes)}\""),
            Bounds.Model with
            {
                MaxOutputTokens = null,
                MaxInputTokens = window,
            },
            limits: new Gateway.Limits.Bound.OutputLimits(null, 4_096)
        );
        Assert.InRange(bound.MaxOutputPerChoice, expected - 100, expected + 100);
    }

    private static async Task<string> SentAsync(HubHost hub, HttpClient client, string body)
    {
        var answer = await client.ChatAsync(body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await answer.Content.ReadAsStringAsync();
        return hub.Sandbox!.Ledger.Find(answer.RequestId())!.Received!.Body;
    }

    private static Task SetAsync(HubHost hub, string value) =>
        hub.DecideHereAsync(
            ChangedEntities.Setting,
            Key,
            null,
            async db => (await db.Settings.SingleAsync(s => s.Key == Key)).Value = value
        );
}
