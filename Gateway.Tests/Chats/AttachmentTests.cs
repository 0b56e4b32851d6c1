using System.Net.Http.Headers;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Chats;

/// <summary>Images go to models that see, as data URLs; everything else is stored and listed.</summary>
public sealed class AttachmentTests
{
    private static readonly byte[] Png =
    [
        0x89,
        0x50,
        0x4E,
        0x47,
        0x0D,
        0x0A,
        0x1A,
        0x0A,
        .. Enumerable.Range(0, 1_003).Select(i => (byte)i),
    ];

    [Theory, BothDatabases]
    public async Task An_image_goes_to_a_model_that_sees_and_again_with_the_next_message(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        var person = await hub.NewPersonAsync();
        await LetSeeAsync(hub, "gpt-4o-mini");
        var file = await UploadAsync(person, "image/png", Png);
        var chat = await person.Client.NewChatAsync("gpt-4o-mini");

        var answer = await person.Client.MessageAsync(
            chat,
            new { content = "What is this?", attachments = new[] { new { file_id = file, type = "image" } } }
        );

        answer.Is(200);
        var url = $"data:image/png;base64,{Convert.ToBase64String(Png)}";
        Assert.Contains(url, await SentAsync(hub, answer));
        var stored = (await person.Client.MessagesAsync(chat))[0].At("attachments.0");
        stored.HasExactly("file_id", "type", "name", "mime_type", "size", "url");
        Assert.Equal((file, "image", $"/api/v1/files/{file}"), (stored.Text("file_id"), stored.Text("type"), stored.Text("url")));
        Assert.Equal(answer.Body.Text("user_message_id"), (await person.Client.ReadAsync("/files")).Body.Text("files.0.message_id"));
        Assert.Contains(url, await SentAsync(hub, await person.Client.MessageAsync(chat, new { content = "And now?" })));
    }

    [Fact]
    public async Task A_model_that_does_not_see_gets_no_image()
    {
        await using var hub = await AdminHub.StartAsync();
        var person = await hub.NewPersonAsync();
        var file = await UploadAsync(person, "image/png", Png);
        var chat = await person.Client.NewChatAsync("sandbox-chat");
        object message = new { content = "Look", attachments = new[] { new { file_id = file, type = "image" } } };
        (await person.Client.MessageAsync(chat, message)).IsError(400, "model_lacks_vision");
        var document = await UploadAsync(person, "application/pdf", "%PDF-1.7"u8.ToArray());
        message = new { content = "Read", attachments = new[] { new { file_id = document, type = "document" } } };
        (await person.Client.MessageAsync(chat, message)).Is(200);
    }

    [Fact]
    public async Task An_image_that_comes_along_is_stored_first_and_anything_else_is_kept_by_its_name()
    {
        await using var hub = await AdminHub.StartAsync();
        var person = await hub.NewPersonAsync();
        await LetSeeAsync(hub, "gpt-4o-mini");
        var chat = await person.Client.NewChatAsync("gpt-4o-mini");
        var preview = $"data:image/png;base64,{Convert.ToBase64String(Png)}";

        var answer = await person.Client.MessageAsync(
            chat,
            new
            {
                content = "",
                attachments = new object[]
                {
                    new
                    {
                        name = "a.png",
                        type = "image/png",
                        size = Png.Length,
                        preview,
                    },
                    new
                    {
                        name = "notes.txt",
                        type = "text/plain",
                        size = 12,
                        preview = (string?)null,
                    },
                },
            }
        );

        answer.Is(200);
        Assert.Contains(preview, await SentAsync(hub, answer));
        var files = (await person.Client.ReadAsync("/files")).Body;
        Assert.Equal((1m, "a.png"), (files.Number("total_count"), files.Text("files.0.filename")));
        Assert.Equal("notes.txt", (await person.Client.MessagesAsync(chat))[0].Text("attachments.1.name"));
        object lie = new { content = "x", attachments = new[] { new { name = "x.png", preview = "data:image/png;base64,TVo=" } } };
        (await person.Client.MessageAsync(chat, lie)).IsError(415, "unsupported_media_type");
    }

    private static async Task LetSeeAsync(AdminHub hub, string model)
    {
        var id = (await hub.Admin.Client.ReadAsync($"/admin/models?search={model}")).Body.Text("data.0.id");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{id}", new { supports_vision = true })).Is(200);
    }

    private static async Task<string> SentAsync(AdminHub hub, ApiAnswer answer) =>
        hub.Host.Sandbox!.Ledger.Find((await hub.EntryOfAsync(answer.Body.Text("id"))).Id)!.Received!.Body;

    private static async Task<string> UploadAsync(Person person, string type, byte[] content)
    {
        using var form = new MultipartFormDataContent
        {
            {
                new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
                "file",
                "a.bin"
            },
        };
        var uploaded = await person.Client.SendAsync("POST", "/files/upload", form);
        uploaded.Is(201);
        return uploaded.Body.Text("id");
    }
}
