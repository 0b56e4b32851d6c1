using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Chats;

/// <summary>
/// A session of each browser client, call by call as their pages make them, reading only the members that they read: one reads named
/// events, the other typed ones.
/// </summary>
[Collection(AdminHubCollection.Name)]
public sealed class ChatFrontEndTests(AdminHubs hubs)
{
    private const string Password = "password123";

    [Theory, BothDatabases]
    public async Task The_client_of_named_events(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var name = $"u{Guid.NewGuid():N}"[..20];
        object account = new
        {
            email = $"{name}@example.com",
            username = name,
            password = Password,
        };
        var registered = await hub.Anonymous.SendAsync("POST", "/auth/register", account);
        Reads(registered.Body, "access_token", "refresh_token", "token_type", "expires_in");
        Reads((await hub.Anonymous.SendAsync("POST", "/auth/login", account)).Body, "access_token", "refresh_token", "expires_in");
        var refreshed = await hub.Anonymous.SendAsync(
            "POST",
            "/auth/refresh",
            new { refresh_token = registered.Body.Text("refresh_token") }
        );
        using var client = hub.Host.NewClient(refreshed.Body.Text("access_token"));

        Assert.Equal(JsonValueKind.Array, (await client.ReadAsync("/chats?include_archived=true")).Body.ValueKind);
        var chat = (await client.SendAsync("POST", "/chats", new { title = "New Chat", model_used = "sandbox-chat" })).Body.Text("id");
        using var stream = await client.StreamNamedAsync(chat, "Hello & 'you'");
        var (content, complete) = ReadNamed(await stream.Content.ReadAsStringAsync());
        Assert.Equal(content, complete.Text("content"));
        // It reads the chat again as soon as the answer is complete
        var opened = (await client.ReadAsync($"/chats/{chat}?include_messages=true")).Body;
        var messages = opened.At("messages").EnumerateArray().ToList();
        Assert.All(messages, m => Reads(m, "id", "role", "content", "tokens", "is_incomplete", "created_at", "sequence_number"));
        Assert.Equal(
            [("user", "Hello & 'you'", 1), ("assistant", content, 2)],
            messages.Select(m => (m.Text("role"), m.Text("content"), m.At("sequence_number").GetInt32()))
        );
        Assert.Equal((complete.Text("message_id"), "Hello & 'you'"), (messages[1].Text("id"), opened.Text("title")));

        Assert.Equal("Mine", (await client.SendAsync("PUT", $"/chats/{chat}", new { title = "Mine" })).Body.Text("title"));
        (await client.SendAsync("DELETE", $"/chats/{chat}")).Is(200);
        using (var late = await client.StreamNamedAsync(chat, "x"))
        {
            Assert.Equal(409, (int)late.StatusCode);
            Reads(JsonDocument.Parse(await late.Content.ReadAsStringAsync()).RootElement, "error", "message");
        }
        (await client.SendAsync("POST", "/chats/restore", new { ids = new[] { chat } })).Is(200);
        (await client.SendAsync("POST", $"/chats/{chat}/restore")).Is(200);
        (await client.SendAsync("POST", "/chats/delete", new { ids = new[] { chat } })).Is(200);
        (await client.SendAsync("DELETE", $"/chats/{chat}/permanent")).IsError(404, "chat_not_found");
        (await client.SendAsync("POST", "/auth/logout")).Is(200);
        Reads((await client.ReadAsync("/chats")).Body, "error", "message");
        (await client.ReadAsync("/chats")).Is(401);
    }

    [Theory, BothDatabases]
    public async Task A_guest_of_the_client_of_named_events(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(
            database,
            new Dictionary<string, string> { ["GUEST_SESSIONS_ENABLED"] = "true", ["DEFAULT_MONTHLY_BUDGET"] = "0" }
        );
        var guest = await hub.Anonymous.SendAsync("POST", "/auth/guest");
        Reads(guest.Body, "access_token", "refresh_token", "guest_id");
        using var client = hub.Host.NewClient(guest.Body.Text("access_token"));
        var chat = await client.NewChatAsync("sandbox-free"); // guests call free models

        using var stream = await client.StreamNamedAsync(chat, "Hello");

        Assert.True(stream.IsSuccessStatusCode, await stream.Content.ReadAsStringAsync());
        var (content, complete) = ReadNamed(await stream.Content.ReadAsStringAsync());
        Assert.Equal((content, 2), (complete.Text("content"), (await client.MessagesAsync(chat)).Count));
    }

    [Theory, BothDatabases]
    public async Task The_client_of_typed_events(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        object account = new
        {
            email = $"{Guid.NewGuid():N}@example.com",
            phone = $"+7{Random.Shared.NextInt64(1_000_000_000, 9_999_999_999)}",
            password = Password,
            name = "Ann",
        };
        var registered = await hub.Anonymous.SendAsync("POST", "/auth/register", account);
        Reads(registered.Body, "access_token", "refresh_token", "user.balance");
        using var client = hub.Host.NewClient(registered.Body.Text("access_token"));
        Reads((await client.ReadAsync("/auth/me")).Body, "id", "email", "balance");
        var models = (await hub.Anonymous.ReadAsync("/llm/models")).Body.At("models").EnumerateArray().ToList();
        Assert.All(models, m => Assert.Contains(m.Text("tier"), new[] { "premium", "balanced", "budget", "specialized" }));
        Assert.All(models, m => Reads(m, "id", "name", "provider", "price_input", "price_output", "context_length", "capabilities"));

        var chat = (await client.SendAsync("POST", "/chats/", new { title = "Новый чат", model_used = "sandbox-chat" })).Body.Text("id");
        using var form = new MultipartFormDataContent();
        form.Add(
            new ByteArrayContent("%PDF-1.7"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/pdf") } },
            "file",
            "a.pdf"
        );
        var file = await client.SendAsync("POST", "/files/upload", form);
        Reads(file.Body, "file_id", "filename", "mime_type", "size", "url");
        object body = new
        {
            content = "Привет",
            model = "sandbox-chat",
            attachments = new[] { new { file_id = file.Body.Text("file_id"), type = "document" } },
        };
        using var stream = await client.StreamTypedAsync(chat, body);
        var events = ChatClient.Events(await stream.Content.ReadAsStringAsync());
        Assert.Equal(("start", "end"), (events[0].Text("type"), events[^1].Text("type")));
        Reads(events[^1], "message_id", "tokens.input", "tokens.output", "cost");
        var whole = await client.MessageAsync(
            chat,
            new
            {
                content = "And?",
                model = "sandbox-chat",
                attachments = Array.Empty<object>(),
            }
        );
        Reads(whole.Body, "id", "content", "cost", "tokens_input", "tokens_output", "balance");
        var opened = (await client.ReadAsync($"/chats/{chat}/")).Body;
        Assert.Equal(("Привет", 4), (opened.Text("title"), opened.At("messages").GetArrayLength()));
        Assert.Equal(
            string.Concat(events.Where(e => e.Text("type") == "content").Select(e => e.Text("content"))),
            opened.Text("messages.1.content")
        );

        (await client.SendAsync("POST", $"/chats/{chat}/favorite")).Is(200);
        Assert.Equal("Заметки", (await client.SendAsync("PATCH", $"/chats/{chat}", new { title = "Заметки" })).Body.Text("title"));
        Reads((await client.ReadAsync("/profile/")).Body, "values", "interests", "hates");
        (await client.SendAsync("PUT", "/profile", new { interests = new[] { "AI" } })).Is(200);
        Reads((await client.SendAsync("DELETE", $"/chats/{chat}")).Body, "success", "message"); // it reads JSON after a delete
        Reads((await client.ReadAsync("/chats/nothing")).Body, "detail");
        Assert.Equal(401, (int)(await hub.Anonymous.ReadAsync("/chats/")).Status);
    }

    [Fact]
    public async Task Who_waits_for_approval_reads_but_sends_no_message()
    {
        await using var hub = await AdminHub.StartAsync();
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { free_tier_requires_approval = true })).Is(200);
        var registered = (await hub.Anonymous.SendAsync("POST", "/auth/register", new { email = "a@x.io", password = Password })).Body;
        using var client = hub.Host.NewClient(registered.Text("token"));
        var chat = await client.NewChatAsync("sandbox-chat");

        (await client.MessageAsync(chat, new { content = "x" })).IsError(403, "approval_required");

        Assert.Empty(await client.MessagesAsync(chat));
        (await hub.Admin.Client.SendAsync("POST", $"/admin/users/{registered.Text("user.id")}/approve")).Is(200);
        (await client.MessageAsync(chat, new { content = "x" })).Is(200);
    }

    // As its parser does it: blocks between blank lines, the name of the event and its data trimmed, until the answer is complete.
    private static (string Content, JsonElement Complete) ReadNamed(string stream)
    {
        var content = "";
        foreach (var block in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = block
                .Split('\n')
                .Where(l => !l.StartsWith(':'))
                .ToDictionary(l => l.Split(':')[0], l => l[(l.IndexOf(':') + 1)..].Trim());
            Assert.Equal("message", fields["event"]);
            var data = JsonDocument.Parse(fields["data"]).RootElement;
            if (data.Text("type") == "complete")
            {
                return (content, data);
            }
            content += data.Text("content");
        }
        throw new InvalidOperationException("The answer has no end.");
    }

    private static void Reads(JsonElement body, params string[] members) =>
        Assert.All(members, member => Assert.NotEqual(JsonValueKind.Null, body.At(member).ValueKind));
}
