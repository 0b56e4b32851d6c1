using System.Text.Json;
using Gateway.Chats;
using Gateway.Core.Keys;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Tests.Chats;

/// <summary>
/// Two nodes on one PostgreSQL: each ends the turns of dead nodes, never those of a living one. Only one node may pay from budgets, so the
/// second one starts while the first has lost its lock, as happens when its connection breaks.
/// </summary>
public sealed class NodeLeaseTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly Dictionary<string, string> _settings = new()
    {
        ["JWT_SECRET"] = Base62.Random(48),
        ["CHAT_NODE_LEASE_SECONDS"] = "30",
        ["ADMIN_EMAIL"] = "boss@example.com",
        ["ADMIN_PASSWORD"] = "a long enough password",
    };

    public async Task InitializeAsync() => _settings["DATABASE_URL"] = await PostgresServer.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_living_nodes_answer_is_left_alone_by_one_that_starts_and_by_one_that_watches()
    {
        await using var first = await StartAsync("first");
        using var client = await SignInAsync(first);
        var chat = await client.NewChatAsync("sandbox-endless");
        using var stream = await client.StreamTypedAsync(chat, new { content = "Hi" });
        using var reader = await ReadWordsAsync(stream, 3);
        await LoseLockAsync();

        await using var second = await StartAsync("second");
        using var elsewhere = second.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);
        object message = new { content = "me too", model = "sandbox-chat" };
        (await elsewhere.MessageAsync(chat, message)).IsError(409, "chat_busy");
        for (var passed = TimeSpan.Zero; passed < 3 * Lease; passed += Lease / 3)
        {
            await PassAsync(second, Lease / 3, "first", "second");
        }
        (await elsewhere.MessageAsync(chat, message)).IsError(409, "chat_busy");

        stream.Dispose(); // its client leaves; its own node ends it
        var answer = await Eventually.NotNullAsync(async () =>
            (await elsewhere.MessagesAsync(chat)) is [_, var last] ? (object)last : null
        );
        Assert.True(((JsonElement)answer).Number("cost") > 0);
        await PassAsync(second, Lease / 3, "first", "second");
        (await elsewhere.MessageAsync(chat, message)).Is(200);
    }

    [Fact]
    public async Task A_dead_nodes_answer_is_ended_a_lease_later_and_charged_when_its_journal_comes_back()
    {
        var folder = Directory.CreateTempSubdirectory("hub-node-");
        var settings = new Dictionary<string, string>(_settings) { ["NODE_ID"] = "first" };
        var gateway = await GatewayProcess.StartAsync(folder, settings: settings);
        using var client = await gateway.SignInAsync("boss@example.com", "a long enough password");
        object budget = new { user_id = (await client.ReadAsync("/me")).Body.Text("id"), max_budget = 5 };
        (await client.SendAsync("POST", "/admin/budgets", budget)).Is(201); // so that the call is held at its bound
        var chat = await client.NewChatAsync("sandbox-trickle");
        using var stream = await client.StreamTypedAsync(chat, new { content = "Hi" });
        using var reader = await ReadWordsAsync(stream, 80); // longer than two drafts
        await gateway.DisposeAsync(); // kill -9

        await using (var second = await StartAsync("second"))
        {
            using var elsewhere = await SignInAsync(second);
            object message = new { content = "free?", model = "sandbox-chat" };
            (await elsewhere.MessageAsync(chat, message)).IsError(409, "chat_busy"); // it may live
            await PassAsync(second, Lease / 3, "second");
            (await elsewhere.MessageAsync(chat, message)).IsError(409, "chat_busy");
            await PassAsync(second, Lease, "second");
            await Eventually.TrueAsync(
                async () => (await elsewhere.MessageAsync(chat, message)).Status == System.Net.HttpStatusCode.OK,
                "the chat is free"
            );
            var left = (await elsewhere.MessagesAsync(chat))[1];
            Assert.True(left.At("is_incomplete").GetBoolean());
            Assert.NotEqual("", left.Text("content"));
            Assert.Equal(0, left.Number("cost")); // its call stands in a journal that is elsewhere
        }
        await using var again = await GatewayProcess.StartAsync(folder, settings: settings);
        using var back = await again.SignInAsync("boss@example.com", "a long enough password");
        var charged = (await back.MessagesAsync(chat))[1];
        var entry = (await back.ReadAsync("/requests")).Body.At("data.data").EnumerateArray().Last(r => r.Text("call_type") == "chat");
        Assert.True(charged.Number("cost") > 0);
        Assert.Equal(entry.Number("total_cost"), charged.Number("cost"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_node_that_was_taken_for_dead_stores_its_answer_all_the_same()
    {
        await using var hub = await StartAsync("first");
        using var client = await SignInAsync(hub);
        var chat = await client.NewChatAsync("sandbox-endless");
        using var stream = await client.StreamTypedAsync(chat, new { content = "Hi" });
        using var reader = await ReadWordsAsync(stream, 3);
        // What another node does that could not hear of this one
        Assert.Equal(1, await hub.Services.GetRequiredService<TurnStore>().RecoverAsync(_ => true, default));
        Assert.True((await client.MessagesAsync(chat))[0].At("message_metadata.failed").GetBoolean());
        (await client.MessageAsync(chat, new { content = "next", model = "sandbox-chat" })).Is(200);

        stream.Dispose();

        await Eventually.TrueAsync(async () => (await client.MessagesAsync(chat)).Count == 4, "the answer is stored");
        var stored = await client.MessagesAsync(chat);
        Assert.False(stored[0].At("message_metadata").TryGetProperty("failed", out var failed) && failed.GetBoolean());
        Assert.Equal((true, "assistant"), (stored[3].At("is_incomplete").GetBoolean(), stored[3].Text("role")));
        await using var db = await hub.Databases.CreateDbContextAsync();
        var id = stored[3].Text("id");
        var entry = await Eventually.NotNullAsync(() => db.UsageRecords.FirstOrDefaultAsync(r => r.MessageId == id));
        Assert.Equal(entry.TotalCostNanoUsd / 1e9m, stored[3].Number("cost"));
    }

    [Fact]
    public async Task A_node_that_stops_takes_its_row_along()
    {
        await using (var hub = await StartAsync("first"))
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            Assert.Equal("first", (await db.TrafficNodes.SingleAsync()).Name);
        }
        await using var next = await StartAsync("second");
        await using var left = await next.Databases.CreateDbContextAsync();
        Assert.Equal(["second"], await left.TrafficNodes.Select(n => n.Name).ToListAsync());
    }

    private Task<HubHost> StartAsync(string node) =>
        HubHost.StartAsync(TestDatabase.Postgres, new Dictionary<string, string>(_settings) { ["NODE_ID"] = node }, _time);

    private static async Task<HttpClient> SignInAsync(HubHost hub)
    {
        var answer = await hub.Anonymous.SendAsync(
            "POST",
            "/auth/login",
            new { email = "boss@example.com", password = "a long enough password" }
        );
        answer.Is(200);
        return hub.NewClient(answer.Body.Text("access_token"));
    }

    private static async Task<StreamReader> ReadWordsAsync(HttpResponseMessage stream, int count)
    {
        var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        for (var words = 0; words < count && await reader.ReadLineAsync() is { } line; )
        {
            words += line.Contains("\"type\":\"content\"", StringComparison.Ordinal) ? 1 : 0;
        }
        return reader;
    }

    // Lets time pass and waits until each of these nodes has given a sign after it.
    private async Task PassAsync(HubHost hub, TimeSpan time, params string[] nodes)
    {
        var before = await BeatsAsync(hub);
        _time.Advance(time);
        await Eventually.TrueAsync(
            async () =>
            {
                var now = await BeatsAsync(hub);
                return nodes.All(n => now[n] != before[n]);
            },
            "the nodes gave a sign"
        );
    }

    private static async Task<Dictionary<string, long>> BeatsAsync(HubHost hub)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        return await db.TrafficNodes.ToDictionaryAsync(n => n.Name, n => n.Beat);
    }

    // The connection that holds the lock of the database breaks.
    private async Task LoseLockAsync()
    {
        var url = new Uri(_settings["DATABASE_URL"].Split('?')[0]);
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={url.Port};Username=postgres;Database={url.AbsolutePath.Trim('/')};Pooling=false"
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                + "WHERE l.locktype = 'advisory' AND d.datname = current_database()",
            connection
        );
        await command.ExecuteNonQueryAsync();
        await using var left = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' "
                + "AND d.datname = current_database()",
            connection
        );
        await Eventually.TrueAsync(async () => (long)(await left.ExecuteScalarAsync())! == 0, "the lock is free");
    }
}
