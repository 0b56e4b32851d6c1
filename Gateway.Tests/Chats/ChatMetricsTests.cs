using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Chats;

/// <summary>What a scrape tells of chats.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class ChatMetricsTests(AdminHubs hubs)
{
    [Theory]
    [InlineData("sandbox-chat", "answered")]
    [InlineData("sandbox-drop-mid-stream", "incomplete")]
    [InlineData("sandbox-status-500", "failed")]
    public async Task A_message_is_counted_by_its_result(string model, string result)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var chat = await hub.Admin.Client.NewChatAsync(model);
        var before = await CountAsync();

        using (var answer = await hub.Admin.Client.StreamTypedAsync(chat, new { content = "Hi" }))
        {
            await answer.Content.ReadAsStringAsync();
        }

        await Eventually.TrueAsync(async () => await CountAsync() == before + 1, "the message is counted");

        async Task<double> CountAsync() => (await MetricsText.ScrapeAsync(hub.Host)).Sum("oneui_chat_messages_total", ("result", result));
    }

    [Fact]
    public async Task Answers_being_made_are_a_gauge_and_none_waits_for_the_database_afterwards()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var chat = await hub.Admin.Client.NewChatAsync("sandbox-endless");
        var answer = await hub.Admin.Client.StreamTypedAsync(chat, new { content = "Hi" });

        Assert.Equal(1, (await MetricsText.ScrapeAsync(hub.Host)).Sum("oneui_chat_turns_open"));

        answer.Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                var scrape = await MetricsText.ScrapeAsync(hub.Host);
                return scrape.Sum("oneui_chat_turns_open") == 0 && scrape.Sum("oneui_chat_answers_unstored") == 0;
            },
            "the answer is ended and stored"
        );
    }
}
