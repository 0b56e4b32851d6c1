using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Chats;

/// <summary>A node that dies in the middle of an answer leaves no chat busy; message, ledger entry and charge agree afterwards.</summary>
public sealed class LeftTurnTests
{
    [Theory, BothDatabases]
    public async Task After_kill_9_in_the_middle_of_a_stream_message_entry_and_charge_agree(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-chat-kill-");
        var settings = await TestDatabases.SettingsAsync(database);
        var gateway = await GatewayProcess.StartAsync(folder, settings: settings);
        using var client = await gateway.SignInAsync();
        (await client.SendAsync("POST", "/admin/budgets", new { user_id = await MeAsync(client), max_budget = 5 })).Is(201);
        var chat = await client.NewChatAsync("sandbox-trickle");
        using var answer = await client.StreamTypedAsync(chat, new { content = "Hi" });
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        // A word each 50 ms, and a draft every two seconds
        for (var words = 0; words < 80 && await reader.ReadLineAsync() is { } line; )
        {
            words += line.Contains("\"type\":\"content\"", StringComparison.Ordinal) ? 1 : 0;
        }
        await gateway.DisposeAsync(); // kill -9

        await using var next = await GatewayProcess.StartAsync(folder, settings: settings);
        using var again = await next.SignInAsync();
        var stored = await again.MessagesAsync(chat);
        Assert.Equal(2, stored.Count);
        Assert.True(stored[1].At("is_incomplete").GetBoolean());
        Assert.NotEqual("", stored[1].Text("content"));
        Assert.True(stored[1].Number("cost") > 0);
        var entry = (await again.ReadAsync("/requests")).Body.At("data.data").EnumerateArray().Single(r => r.Text("call_type") == "chat");
        Assert.Equal(entry.Number("total_cost"), stored[1].Number("cost"));
        var budget = (await again.ReadAsync("/admin/budgets")).Body.At("data").EnumerateArray().Single(b => b.Number("max_budget") == 5);
        Assert.Equal(entry.Number("total_cost"), budget.Number("spent_budget"));
        (await again.MessageAsync(chat, new { content = "still there?", model = "sandbox-chat" })).Is(200);
        folder.Delete(recursive: true);
    }

    [Theory, BothDatabases]
    public async Task A_turn_whose_call_was_never_sent_leaves_its_message_marked(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-chat-left-");
        var url = await TestDatabases.CreateAsync(database);
        var settings = new Dictionary<string, string>();
        if (url is not null)
        {
            settings["DATABASE_URL"] = url;
        }
        var chat = Guid.CreateVersion7().ToString();
        var (userMessage, answer) = (Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString());
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            var now = DateTime.UtcNow;
            db.Chats.Add(
                new Chat
                {
                    Id = chat,
                    UserId = (await db.Users.FirstAsync(u => u.Role == Roles.Admin)).Id,
                    Title = Chat.DefaultTitle,
                    MessageCount = 1,
                    CreatedAt = now,
                    UpdatedAt = now,
                }
            );
            db.ChatMessages.Add(
                new ChatMessage
                {
                    Id = userMessage,
                    ChatId = chat,
                    SequenceNumber = 1,
                    Role = MessageRoles.User,
                    Content = "Hi",
                    CreatedAt = now,
                }
            );
            db.ChatTurns.Add(
                new ChatTurn
                {
                    ChatId = chat,
                    CallId = Guid.CreateVersion7().ToString(),
                    NodeId = "gone",
                    UserMessageId = userMessage,
                    MessageId = answer,
                    ModelUsed = "m",
                    StartedAt = now,
                }
            );
            await db.SaveChangesAsync();
        }
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            Assert.False(await db.ChatTurns.AnyAsync());
            Assert.True((await db.ChatMessages.SingleAsync(m => m.ChatId == chat)).IsFailed);
        }
        folder.Delete(recursive: true);
    }

    private static async Task<string> MeAsync(HttpClient client) => (await client.ReadAsync("/me")).Body.Text("id");
}
