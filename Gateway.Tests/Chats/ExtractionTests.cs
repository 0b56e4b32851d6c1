using System.Text.Json;
using Gateway.Core.Chats;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Chats;

/// <summary>Facts that users state about themselves come into their profiles; the platform pays.</summary>
public sealed class ExtractionTests : IAsyncLifetime
{
    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeLiteLlm.StartAsync();
        _upstream.Offers(FakeLiteLlm.Row("m", "openai", """{"mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":2e-06}"""));
        _upstream.Manage = (call, body) =>
            call != "POST /v1/chat/completions" ? null
            : body.Contains("Extract facts", StringComparison.Ordinal)
                ? Answer("Sure: {\"likes\":[\"green tea\",\"TEA\"],\"skills\":\"none\"}")
            : Answer("Noted.");
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task A_chat_is_analyzed_on_demand_and_charged_to_the_platform(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var person = await hub.NewPersonAsync();
        (await person.Client.SendAsync("PUT", "/profile", new { likes = new[] { "tea" } })).Is(200);
        var chat = await person.Client.NewChatAsync("m");
        (await person.Client.SendAsync("POST", $"/profile/analyze/{chat}")).Body.HasExactly("extracted", "merged_profile", "message");
        (await person.Client.MessageAsync(chat, new { content = "I like green tea more than anything." })).Is(200);

        var analysis = await person.Client.SendAsync("POST", $"/profile/analyze/{chat}");

        analysis.Is(200);
        Assert.Equal("Successfully extracted and merged 1 items", analysis.Body.Text("message"));
        Assert.Equal(["tea", "green tea"], analysis.Body.At("merged_profile.likes").EnumerateArray().Select(i => i.GetString()!));
        var entry = await Eventually.NotNullAsync(() =>
            hub.ReadAsync(db => db.UsageRecords.AsNoTracking().FirstOrDefaultAsync(r => r.CallType == "profile_extraction"))
        );
        Assert.Equal((PlatformUser.Id, chat, (string?)null), (entry.UserId, entry.ChatId, entry.MessageId));
        Assert.True(entry.TotalCostNanoUsd > 0);
    }

    [Fact]
    public async Task Behind_each_answer_it_is_done_when_an_admin_wants_it()
    {
        await using var hub = await _upstream.StartHubAsync();
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync("m");
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/profile_extraction_enabled", new { value = true })).Is(200);

        (await person.Client.MessageAsync(chat, new { content = "I like green tea more than anything." })).Is(200);

        await Eventually.TrueAsync(
            async () => (await person.Client.ReadAsync("/profile")).Body.At("likes").GetArrayLength() == 2,
            "the profile has what was said"
        );
    }

    private static string Answer(string text) =>
        FakeUpstream.PlainAnswer.Replace("\"Hello\"", JsonSerializer.Serialize(text), StringComparison.Ordinal);
}
