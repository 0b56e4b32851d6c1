using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Chats;

/// <summary>Chats as their owners keep them: lists, changes, archive, pages of messages.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class ChatTests(AdminHubs hubs)
{
    private static readonly string[] Members =
    [
        "id",
        "user_id",
        "title",
        "model_used",
        "folder_id",
        "tags",
        "is_favorite",
        "is_archived",
        "is_deleted",
        "message_count",
        "created_at",
        "updated_at",
    ];

    [Theory, BothDatabases]
    public async Task A_chat_without_any_wish_is_called_New_Chat_and_has_the_default_model(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var made = await person.Client.SendAsync("POST", "/chats");

        made.Is(201);
        made.Body.HasExactly(Members);
        Assert.Equal((person.Id, "New Chat", 0m), (made.Body.Text("user_id"), made.Body.Text("title"), made.Body.Number("message_count")));
        var models = (await hub.Anonymous.ReadAsync("/llm/models")).Body.At("models").EnumerateArray().Select(m => m.Text("id"));
        Assert.Contains(made.Body.Text("model_used"), models);
        Assert.Equal(JsonValueKind.Null, made.Body.At("folder_id").ValueKind);
        Assert.Equal(0, made.Body.At("tags").GetArrayLength());
    }

    [Theory, BothDatabases]
    public async Task A_chat_takes_all_that_a_client_may_set(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var made = await person.Client.SendAsync(
            "POST",
            "/chats/",
            new
            {
                title = "Plans",
                model = "gpt-4o-mini",
                tags = new[] { "work" },
                is_favorite = true,
                folder_id = "f-1",
            }
        );
        made.Is(201);
        Assert.Equal(
            ("Plans", "gpt-4o-mini", "work", true, "f-1"),
            (
                made.Body.Text("title"),
                made.Body.Text("model_used"),
                made.Body.Text("tags.0"),
                made.Body.At("is_favorite").GetBoolean(),
                made.Body.Text("folder_id")
            )
        );

        var changed = await person.Client.SendAsync(
            "PATCH",
            $"/chats/{made.Body.Text("id")}/",
            new
            {
                title = "Trips",
                is_deleted = true,
                folder_id = (string?)null,
            }
        );

        changed.Is(200);
        Assert.Equal(
            ("Trips", true, true),
            (changed.Body.Text("title"), changed.Body.At("is_archived").GetBoolean(), changed.Body.At("is_deleted").GetBoolean())
        );
        Assert.Equal(JsonValueKind.Null, changed.Body.At("folder_id").ValueKind);
    }

    [Fact]
    public async Task A_chat_refuses_models_that_are_not_there_or_do_not_chat()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (await person.Client.SendAsync("POST", "/chats", new { model_used = "nothing" })).IsError(404, "model_not_found");
        (await person.Client.SendAsync("POST", "/chats", new { model_used = "text-embedding-3-small" })).IsError(400, "model_not_chat");
        (await person.Client.SendAsync("POST", "/chats", new { title = new string('x', 256) })).IsError(400, "validation_failed");
    }

    [Theory, BothDatabases]
    public async Task The_list_is_bare_newest_first_and_its_numbers_stand_in_headers(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        await StoreAsync(hub, person, 5);

        var first = await person.Client.ReadAsync("/chats?limit=2");
        var rest = await person.Client.ReadAsync("/chats?limit=10&skip=2");

        Assert.Equal(["t4", "t3"], Titles(first));
        Assert.Equal(["t2", "t1", "t0"], Titles(rest));
        Assert.Equal(("5", "true"), (first.Headers.GetValues("X-Total-Count").Single(), first.Headers.GetValues("X-Has-More").Single()));
        Assert.Equal("false", rest.Headers.GetValues("X-Has-More").Single());
    }

    [Theory, BothDatabases]
    public async Task The_list_is_searched_by_title_whatever_the_case_and_filtered(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        foreach (var title in new[] { "Поездка в Рим", "Road to ROME", "50% off_season" })
        {
            object chat = new
            {
                title,
                is_favorite = title[0] == 'R',
                folder_id = title[0] == '5' ? "work" : null,
            };
            (await person.Client.SendAsync("POST", "/chats", chat)).Is(201);
        }
        Assert.Equal(["Road to ROME"], Titles(await person.Client.ReadAsync("/chats?search=rome")));
        Assert.Equal(["Поездка в Рим"], Titles(await person.Client.ReadAsync("/chats?search=" + Uri.EscapeDataString("РИМ"))));
        Assert.Equal(["50% off_season"], Titles(await person.Client.ReadAsync("/chats?search=" + Uri.EscapeDataString("% OFF_"))));
        Assert.Equal(["Road to ROME"], Titles(await person.Client.ReadAsync("/chats?favorite=true")));
        Assert.Equal(["50% off_season"], Titles(await person.Client.ReadAsync("/chats?folder_id=work")));
        Assert.Empty(Titles(await person.Client.ReadAsync("/chats?folder_id=work&favorite=true")));
    }

    [Theory, BothDatabases]
    public async Task An_archived_chat_is_hidden_still_read_and_restored(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var id = (await person.Client.SendAsync("POST", "/chats")).Body.Text("id");

        var ended = await person.Client.SendAsync("DELETE", $"/chats/{id}");

        ended.Is(200);
        ended.Body.HasExactly("success", "message", "id", "is_archived");
        Assert.Equal("Chat session archived successfully", ended.Body.Text("message"));
        (await person.Client.SendAsync("DELETE", $"/chats/{id}")).Is(200);
        Assert.Empty(Titles(await person.Client.ReadAsync("/chats")));
        Assert.Single(Titles(await person.Client.ReadAsync("/chats?include_archived=true")));
        Assert.Single(Titles(await person.Client.ReadAsync("/chats?include_deleted=true")));
        (await person.Client.ReadAsync($"/chats/{id}")).Is(200);
        Assert.False((await person.Client.SendAsync("POST", $"/chats/{id}/restore")).Body.At("is_archived").GetBoolean());
        Assert.Single(Titles(await person.Client.ReadAsync("/chats")));
    }

    [Theory, BothDatabases]
    public async Task A_permanent_delete_takes_the_messages_and_leaves_the_files(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var id = (await StoreAsync(hub, person, 1, messages: 3)).Single();
        var message = await hub.ReadAsync(db => db.ChatMessages.FirstAsync(m => m.ChatId == id));
        await hub.WriteAsync(
            new StoredFile
            {
                Id = Guid.CreateVersion7().ToString(),
                UserId = person.Id,
                Filename = "x.png",
                OriginalFilename = "x.png",
                MimeType = "image/png",
                Sha256 = "",
                Store = "disk",
                ChatId = id,
                MessageId = message.Id,
                UploadedAt = DateTime.UtcNow,
            }
        );

        var ended = await person.Client.SendAsync("DELETE", $"/chats/{id}?permanent=true");

        Assert.Equal("Chat session deleted successfully", ended.Body.Text("message"));
        (await person.Client.ReadAsync($"/chats/{id}")).IsError(404, "chat_not_found");
        Assert.Equal(0, await hub.ReadAsync(db => db.ChatMessages.CountAsync(m => m.ChatId == id)));
        var file = await hub.ReadAsync(db => db.Files.SingleAsync(f => f.UserId == person.Id));
        Assert.Equal((null, null), (file.ChatId, file.MessageId));
    }

    [Theory, BothDatabases]
    public async Task Many_are_restored_and_deleted_at_once_and_those_of_others_are_skipped(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (person, other) = (await hub.NewPersonAsync(), await hub.NewPersonAsync());
        var own = await StoreAsync(hub, person, 2);
        var foreign = await StoreAsync(hub, other, 1);
        object body = new { ids = own.Concat(foreign).Append("unknown") };

        var restored = await person.Client.SendAsync("POST", "/chats/restore", body);
        var deleted = await person.Client.SendAsync("POST", "/chats/delete", body);

        restored.Is(200);
        restored.Body.HasExactly("success", "message", "count");
        Assert.Equal((2m, 2m), (restored.Body.Number("count"), deleted.Body.Number("count")));
        (await other.Client.ReadAsync($"/chats/{foreign[0]}")).Is(200);
        (await person.Client.SendAsync("POST", "/chats/delete", new { ids = Array.Empty<string>() })).IsError(400, "validation_failed");
        (await person.Client.SendAsync("POST", "/chats/delete", new { ids = Enumerable.Range(0, 101) })).IsError(400, "validation_failed");
    }

    [Theory, BothDatabases]
    public async Task A_long_chat_opens_with_its_newest_messages_and_is_read_in_pages(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var id = (await StoreAsync(hub, person, 1, messages: 1_003)).Single();

        var opened = await person.Client.ReadAsync($"/chats/{id}");
        var page = await person.Client.ReadAsync($"/chats/{id}/messages?limit=2&offset=1001");

        opened.Body.HasExactly([.. Members, "messages"]);
        Assert.Equal(1_000, opened.Body.At("messages").GetArrayLength());
        Assert.Equal((4m, 1_003m), (opened.Body.Number("messages.0.sequence_number"), opened.Body.Number("messages.999.sequence_number")));
        Assert.Equal(["m1002", "m1003"], page.Body.At("messages").EnumerateArray().Select(m => m.Text("content")));
        Assert.Equal((1_003m, false), (page.Body.Number("total_count"), page.Body.At("has_more").GetBoolean()));
        Assert.Equal(0, (await person.Client.ReadAsync($"/chats/{id}?include_messages=false")).Body.At("messages").GetArrayLength());
    }

    private static IEnumerable<string> Titles(ApiAnswer answer) => answer.Body.EnumerateArray().Select(c => c.Text("title"));

    private static async Task<List<string>> StoreAsync(AdminHub hub, Person person, int chats, int messages = 0)
    {
        List<string> ids = [];
        var start = DateTime.UtcNow.AddHours(-1);
        for (var i = 0; i < chats; i++)
        {
            var id = Guid.CreateVersion7().ToString();
            ids.Add(id);
            await hub.WriteAsync([
                new Chat
                {
                    Id = id,
                    UserId = person.Id,
                    Title = $"t{i}",
                    MessageCount = messages,
                    CreatedAt = start,
                    UpdatedAt = start.AddMinutes(i),
                },
                .. Enumerable
                    .Range(1, messages)
                    .Select(n => new ChatMessage
                    {
                        Id = Guid.CreateVersion7().ToString(),
                        ChatId = id,
                        SequenceNumber = n,
                        Role = n % 2 == 1 ? MessageRoles.User : MessageRoles.Assistant,
                        Content = $"m{n}",
                        CreatedAt = start,
                    }),
            ]);
        }
        return ids;
    }
}
