using System.Net.Http.Headers;
using Gateway.Tests.Admin.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>Chats, profiles and files, by their owners.</summary>
internal static class ChatWrites
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["POST /chats"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.AllSucceedAsync(person.Client, "POST", "/chats", i => new { title = $"t{i}" });
                Assert.Equal(WriteWorld.Calls, await world.ReadAsync(db => db.Chats.CountAsync(c => c.UserId == person.Id)));
            },
            ["PUT|PATCH /chats/{id}"] = async (world, method) =>
            {
                var id = await NewChatAsync(world.Admin);
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/chats/{id}",
                    i => i % 2 == 0 ? new { title = "kept" } : new { is_archived = true }
                );
                var chat = await world.ReadAsync(db => db.Chats.SingleAsync(c => c.Id == id));
                Assert.Equal(("kept", "kept", true), (chat.Title, chat.TitleKey, chat.IsArchived));
            },
            ["DELETE /chats/{id}"] = async (world, _) =>
            {
                var id = await NewChatAsync(world.Admin);
                await WriteWorld.AllSucceedAsync(world.Admin, "DELETE", $"/chats/{id}");
                Assert.True(await world.ReadAsync(db => db.Chats.Where(c => c.Id == id).Select(c => c.IsArchived).SingleAsync()));
            },
            ["DELETE /chats/{id}/permanent"] = async (world, _) =>
            {
                var id = await NewChatAsync(world.Admin);
                await WriteWorld.SomeSucceedAsync(1, world.Admin, "DELETE", $"/chats/{id}/permanent", null, "chat_not_found");
            },
            ["POST /chats/{id}/favorite"] = async (world, _) =>
            {
                var id = await NewChatAsync(world.Admin);
                await WriteWorld.AllSucceedAsync(world.Admin, "POST", $"/chats/{id}/favorite");
                Assert.False(await world.ReadAsync(db => db.Chats.Where(c => c.Id == id).Select(c => c.IsFavorite).SingleAsync()));
            },
            ["POST /chats/{id}/restore"] = async (world, _) =>
            {
                var id = await NewChatAsync(world.Admin);
                (await world.Admin.SendAsync("DELETE", $"/chats/{id}")).Is(200);
                await WriteWorld.AllSucceedAsync(world.Admin, "POST", $"/chats/{id}/restore");
                Assert.False(await world.ReadAsync(db => db.Chats.Where(c => c.Id == id).Select(c => c.IsArchived).SingleAsync()));
            },
            ["POST /chats/restore"] = async (world, _) =>
            {
                var id = await NewChatAsync(world.Admin);
                await WriteWorld.AllSucceedAsync(world.Admin, "POST", "/chats/restore", _ => new { ids = new[] { id } });
            },
            ["POST /chats/delete"] = async (world, _) =>
            {
                var id = await NewChatAsync(world.Admin);
                var answers = await WriteWorld.AllSucceedAsync(world.Admin, "POST", "/chats/delete", _ => new { ids = new[] { id } });
                Assert.Equal(1, answers.Sum(a => a.Body.Number("count")));
            },
            ["POST /llm/chat/{chat_id}/message"] = async (world, _) =>
            {
                var id = await NewChatAsync(world.Admin);
                var answers = await WriteWorld.AtOnceAsync(
                    world.Admin,
                    "POST",
                    $"/llm/chat/{id}/message",
                    _ => new { content = "Hi", model = "offered" }
                );
                var answered = answers.Count(a => (int)a.Status == 200);
                Assert.All(answers.Where(a => (int)a.Status != 200), a => a.IsError(409, "chat_busy"));
                await AssertMessagesAsync(world, id, answered);
            },
            ["POST /llm/chat/{chat_id}/message/stream"] = async (world, _) =>
            {
                var id = await NewChatAsync(world.Admin);
                var statuses = await Task.WhenAll(Enumerable.Range(0, WriteWorld.Calls).Select(_ => StreamAsync(world.Admin, id)));
                Assert.All(statuses, s => Assert.True(s is 200 or 409, $"{s}"));
                await AssertMessagesAsync(world, id, statuses.Count(s => s == 200));
            },
            ["POST /profile/analyze/{chat_id}"] = async (world, _) =>
            {
                var id = await NewChatAsync(world.Admin);
                await WriteWorld.AllSucceedAsync(world.Admin, "POST", $"/profile/analyze/{id}");
            },
            ["PUT|PATCH /profile"] = async (world, method) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.AllSucceedAsync(
                    person.Client,
                    method,
                    "/profile",
                    i => i % 2 == 0 ? new { likes = new[] { "tea" } } : new { skills = new[] { "chess" } }
                );
                var profile = await world.ReadAsync(db => db.UserProfiles.SingleAsync(p => p.UserId == person.Id));
                Assert.Equal(("tea", "chess"), (profile.Likes.Single(), profile.Skills.Single()));
            },
            ["POST /files/upload"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.AllSucceedAsync(person.Client, "POST", "/files/upload", _ => Form());
                Assert.Equal(WriteWorld.Calls, await world.ReadAsync(db => db.Files.CountAsync(f => f.UserId == person.Id)));
            },
            ["DELETE /files/{id}"] = async (world, _) =>
            {
                var uploaded = await world.Admin.SendAsync("POST", "/files/upload", Form());
                uploaded.Is(201);
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Admin,
                    "DELETE",
                    $"/files/{uploaded.Body.Text("id")}",
                    null,
                    "file_not_found",
                    "conflict"
                );
            },
        };

    private static async Task<string> NewChatAsync(HttpClient client)
    {
        var made = await client.SendAsync("POST", "/chats");
        made.Is(201);
        return made.Body.Text("id");
    }

    private static async Task<int> StreamAsync(HttpClient client, string id)
    {
        using var answer = await client.PostAsync(
            $"/api/v1/llm/chat/{id}/message/stream",
            new StringContent("""{"content":"Hi","model":"offered"}""", new MediaTypeHeaderValue("application/json"))
        );
        await answer.Content.ReadAsStringAsync();
        return (int)answer.StatusCode;
    }

    private static async Task AssertMessagesAsync(WriteWorld world, string chat, int answered)
    {
        Assert.True(answered >= 1);
        var numbers = await world.ReadAsync(db =>
            db.ChatMessages.Where(m => m.ChatId == chat).OrderBy(m => m.SequenceNumber).Select(m => m.SequenceNumber).ToListAsync()
        );
        Assert.Equal(Enumerable.Range(1, 2 * answered), numbers);
    }

    private static MultipartFormDataContent Form() =>
        new()
        {
            {
                new ByteArrayContent(Png) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } },
                "file",
                "a.png"
            },
        };
}
