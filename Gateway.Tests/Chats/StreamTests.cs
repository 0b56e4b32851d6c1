using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Sandbox;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Chats;

/// <summary>Both framings of a chat's stream, byte for byte, and as their browser clients read them.</summary>
[Collection(AdminHubCollection.Name)]
public sealed partial class StreamTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task Named_events_are_exactly_these_bytes(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync("sandbox-chat");

        using var answer = await person.Client.StreamNamedAsync(chat, "Привет & hello");
        var stream = await answer.Content.ReadAsStringAsync();

        AssertHeaders(answer);
        var stored = (await person.Client.MessagesAsync(chat))[1];
        var expected = new StringBuilder();
        foreach (var word in Words(stored.Text("content")))
        {
            expected.Append($"event:message\ndata:{{\"type\":\"token\",\"content\":\"{word}\"}}\n\n");
        }
        expected.Append(
            $"event:message\ndata:{{\"type\":\"complete\",\"content\":\"{stored.Text("content")}\",\"tokens\":{stored.At("tokens")},"
                + $"\"message_id\":\"{stored.Text("id")}\",\"model\":\"sandbox-chat\",\"tokens_input\":{stored.At("tokens_input")},"
                + $"\"tokens_output\":{stored.At("tokens_output")},\"cost\":{stored.At("cost")}}}\n\n"
        );
        Assert.Equal(expected.ToString(), stream);
        Assert.Equal("Привет & hello", (await person.Client.MessagesAsync(chat))[0].Text("content"));
    }

    [Theory, BothDatabases]
    public async Task Typed_events_are_exactly_these_bytes(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync("sandbox-chat");

        using var answer = await person.Client.StreamTypedAsync(chat, new { content = "Hi", attachments = Array.Empty<object>() });
        var stream = await answer.Content.ReadAsStringAsync();

        AssertHeaders(answer);
        var stored = (await person.Client.MessagesAsync(chat))[1];
        const string Nothing = "\"message_id\":null,\"model\":null,\"tokens\":null,\"cost\":null,\"error\":null";
        var expected = new StringBuilder(
            "data: {\"type\":\"start\",\"content\":null,\"message_id\":null,\"model\":\"sandbox-chat\",\"tokens\":null,\"cost\":null,\"error\":null}\n\n"
        );
        foreach (var word in Words(stored.Text("content")))
        {
            expected.Append($"data: {{\"type\":\"content\",\"content\":\"{word}\",{Nothing}}}\n\n");
        }
        expected.Append(
            $"data: {{\"type\":\"end\",\"content\":null,\"message_id\":\"{stored.Text("id")}\",\"model\":\"sandbox-chat\","
                + $"\"tokens\":{{\"input\":{stored.At("tokens_input")},\"output\":{stored.At("tokens_output")}}},\"cost\":{stored.At("cost")},\"error\":null}}\n\n"
        );
        Assert.Equal(expected.ToString(), stream);
    }

    [Fact]
    public async Task Each_event_comes_whole_in_one_piece_for_a_reader_that_parses_each_piece_by_itself()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync("sandbox-slow-chunks-50");
        using var answer = await person.Client.StreamTypedAsync(chat, new { content = "Hi" });
        await using var body = await answer.Content.ReadAsStreamAsync();
        List<string> types = [];
        var buffer = new byte[64 * 1024];

        while (await body.ReadAsync(buffer) is var read and > 0)
        {
            // As the simple client does it: each piece split at line feeds, each line parsed at once
            foreach (
                var line in Encoding
                    .UTF8.GetString(buffer, 0, read)
                    .Split('\n')
                    .Where(l => l.StartsWith("data: ", StringComparison.Ordinal))
            )
            {
                types.Add(JsonDocument.Parse(line["data: ".Length..]).RootElement.Text("type"));
            }
        }

        Assert.Equal(["start", .. Enumerable.Repeat("content", types.Count - 2), "end"], types);
        Assert.Equal(8, types.Count - 2);
    }

    [Fact]
    public async Task When_the_end_is_told_message_and_charge_are_stored()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync("sandbox-chat");
        using var answer = await person.Client.StreamNamedAsync(chat, "Hi");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        while (await reader.ReadLineAsync() is { } line && !line.Contains("\"complete\"", StringComparison.Ordinal)) { }

        Assert.Equal(1, await hub.ReadAsync(db => db.ChatMessages.CountAsync(m => m.ChatId == chat && m.Role == "assistant")));
        Assert.Equal(0, await hub.ReadAsync(db => db.ChatTurns.CountAsync(t => t.ChatId == chat)));
    }

    [Theory]
    [InlineData("sandbox-drop-mid-stream")]
    [InlineData("sandbox-error-event")]
    public async Task A_stream_that_breaks_ends_with_its_error_and_keeps_what_came(string model)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var (named, typed) = (await person.Client.NewChatAsync(model), await person.Client.NewChatAsync(model));

        using var first = await person.Client.StreamNamedAsync(named, "Hi");
        using var second = await person.Client.StreamTypedAsync(typed, new { content = "Hi" });

        Assert.EndsWith(
            "event:error\ndata:{\"error\":\"Upstream error\",\"code\":\"upstream_error\"}\n\n",
            await first.Content.ReadAsStringAsync()
        );
        var last = ChatClient.Events(await second.Content.ReadAsStringAsync())[^1];
        Assert.Equal(("error", "Upstream error"), (last.Text("type"), last.Text("error")));
        var stored = (await person.Client.MessagesAsync(named))[1];
        Assert.True(stored.At("is_incomplete").GetBoolean());
        var entry = await hub.EntryOfAsync(stored.Text("id"));
        Assert.Equal(entry.TotalCostNanoUsd / 1e9m, stored.Number("cost"));
    }

    [Theory]
    [InlineData("sandbox-status-500", 502, "upstream_error")]
    [InlineData("sandbox-error-event-first", 502, "upstream_error")]
    public async Task An_error_before_the_first_byte_is_plain_json(string model, int status, string code)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync(model);

        using var answer = await person.Client.StreamTypedAsync(chat, new { content = "Hi" });

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(code, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Text("code"));
    }

    [Fact]
    public async Task Without_a_message_named_events_are_refused()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync("sandbox-chat");
        var answer = await person.Client.ReadAsync($"/stream/chat/{chat}?message=");
        answer.IsError(400, "validation_failed");
        Assert.Equal("Message parameter is required", answer.Body.Text("error"));
    }

    [Fact]
    public async Task A_long_message_in_the_url_is_taken()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync("sandbox-chat");
        var message = new string('я', 16_000);

        using var answer = await person.Client.StreamNamedAsync(chat, message);

        Assert.Contains("\"complete\"", await answer.Content.ReadAsStringAsync());
        Assert.Equal(message, (await person.Client.MessagesAsync(chat))[0].Text("content"));
    }

    [Theory, BothDatabases]
    public async Task A_client_that_leaves_cancels_the_upstream_and_what_came_is_kept_and_charged(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync("sandbox-endless");
        using (var answer = await person.Client.StreamTypedAsync(chat, new { content = "Hi" }))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line && !line.Contains("\"content\",\"content\"", StringComparison.Ordinal)) { }
        }
        var left = DateTimeOffset.UtcNow;

        var stored = await Eventually.NotNullAsync(async () =>
            (await person.Client.MessagesAsync(chat)) is [_, var last] ? (object)last : null
        );

        var message = (JsonElement)stored;
        Assert.True(message.At("is_incomplete").GetBoolean());
        Assert.NotEqual("", message.Text("content"));
        var entry = await hub.EntryOfAsync(message.Text("id"));
        Assert.Equal(("client_left", "estimated"), (entry.Outcome, entry.UsageSource));
        Assert.Equal(entry.TotalCostNanoUsd / 1e9m, message.Number("cost"));
        var upstream = hub.Host.Sandbox!.Ledger.Find(entry.Id)!;
        Assert.Equal(SandboxOutcome.ClientLeft, upstream.Outcome);
        Assert.True(upstream.EndedAt - left < TimeSpan.FromSeconds(2), $"the upstream was cancelled after {upstream.EndedAt - left}");
    }

    [Fact]
    public async Task Silence_is_broken_by_comments_also_before_the_model_begins_and_from_then_on_an_error_is_an_event()
    {
        await using var hub = await AdminHub.StartAsync(
            settings: new Dictionary<string, string> { ["CHAT_KEEP_ALIVE_SECONDS"] = "1", ["UPSTREAM_FIRST_BYTE_SECONDS"] = "3" }
        );
        var person = await hub.NewPersonAsync();
        var chat = await person.Client.NewChatAsync("sandbox-hang");

        using var answer = await person.Client.StreamTypedAsync(chat, new { content = "Hi" });
        var stream = await answer.Content.ReadAsStringAsync();

        AssertHeaders(answer);
        Assert.StartsWith(": keep-alive\n\n", stream);
        Assert.Equal("Upstream timeout", Assert.Single(ChatClient.Events(stream)).Text("error"));
        Assert.True(Assert.Single(await person.Client.MessagesAsync(chat)).At("message_metadata.failed").GetBoolean());
    }

    private static void AssertHeaders(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache, no-transform", answer.Headers.NonValidated["Cache-Control"].ToString());
        Assert.Equal("no", answer.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    // The sandbox sends a word in each chunk, the blank behind it.
    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(m => m.Value);

    [GeneratedRegex(@"\S+\s?")]
    private static partial Regex Word();
}
