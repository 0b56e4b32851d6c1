using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Files;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Files;

/// <summary>Files of users: taken by declared type and content, streamed, kept from others, gone when deleted.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class FileTests(AdminHubs hubs)
{
    private const string DocxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Enumerable.Repeat((byte)7, 700_000)];

    [Theory, BothDatabases]
    public async Task A_file_is_stored_listed_sent_and_deleted(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var chat = (await person.Client.SendAsync("POST", "/chats")).Body.Text("id");

        var uploaded = await UploadAsync(person, "Отчёт.png", "image/png", Png, chat);

        uploaded.Is(201);
        uploaded.Body.HasExactly("id", "file_id", "filename", "mime_type", "size", "chat_id", "message_id", "uploaded_at", "url");
        var id = uploaded.Body.Text("id");
        Assert.Equal(
            (id, "Отчёт.png", "image/png", (decimal)Png.Length, chat, $"/api/v1/files/{id}"),
            (
                uploaded.Body.Text("file_id"),
                uploaded.Body.Text("filename"),
                uploaded.Body.Text("mime_type"),
                uploaded.Body.Number("size"),
                uploaded.Body.Text("chat_id"),
                uploaded.Body.Text("url")
            )
        );
        var row = await hub.ReadAsync(db => db.Files.SingleAsync(f => f.Id == id));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Png)), row.Sha256);
        Assert.Equal(id, (await person.Client.ReadAsync("/files")).Body.Text("files.0.id"));
        using (var sent = await person.Client.GetAsync($"/api/v1/files/{id}"))
        {
            Assert.Equal(Png, await sent.Content.ReadAsByteArrayAsync());
            Assert.Equal("image/png", sent.Content.Headers.ContentType!.MediaType);
            Assert.Equal(
                ("attachment", "Отчёт.png"),
                (sent.Content.Headers.ContentDisposition!.DispositionType, sent.Content.Headers.ContentDisposition.FileNameStar)
            );
            Assert.Equal("nosniff", sent.Headers.GetValues("X-Content-Type-Options").Single());
        }
        (await person.Client.SendAsync("DELETE", $"/files/{id}")).Is(200);
        (await person.Client.ReadAsync($"/files/{id}")).IsError(404, "file_not_found");
        Assert.Equal(0, await hub.ReadAsync(db => db.FileParts.CountAsync(p => p.FileId == id)));
        Assert.False(hub.Host.Services.GetRequiredService<FileStore>().HasBytes(row) && row.Store == FileStores.Disk);
    }

    [Theory, BothDatabases]
    public async Task A_range_of_a_file_is_sent(TestDatabase database)
    {
        var person = await (await hubs.OnAsync(database)).NewPersonAsync();
        var id = (await UploadAsync(person, "a.png", "image/png", Png)).Body.Text("id");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/files/{id}");
        request.Headers.Range = new RangeHeaderValue(262_140, 262_150); // across two pieces of the database

        using var sent = await person.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, sent.StatusCode);
        Assert.Equal(Png[262_140..262_151], await sent.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("image/png", "MZ this is a program")]
    [InlineData("image/jpeg", "\u0089PNG")]
    [InlineData("text/html", "<html>")]
    [InlineData("application/pdf", "<script>")]
    [InlineData(DocxType, "PK\u0003\u0004 some archive")]
    public async Task A_file_that_is_not_what_it_says_is_refused(string type, string content)
    {
        var person = await (await hubs.OnAsync(TestDatabase.Sqlite)).NewPersonAsync();
        (await UploadAsync(person, "x.png", type, Encoding.Latin1.GetBytes(content))).IsError(415, "unsupported_media_type");
        Assert.Equal(0m, (await person.Client.ReadAsync("/files")).Body.Number("total_count"));
    }

    [Fact]
    public async Task Documents_are_stored_and_listed()
    {
        var person = await (await hubs.OnAsync(TestDatabase.Sqlite)).NewPersonAsync();
        using var word = new MemoryStream();
        using (var archive = new ZipArchive(word, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("[Content_Types].xml");
            archive.CreateEntry("word/document.xml");
        }
        (await UploadAsync(person, "a.docx", DocxType, word.ToArray())).Is(201);
        (await UploadAsync(person, "a.pdf", "application/pdf", "%PDF-1.7"u8.ToArray())).Is(201);
        Assert.Equal(2m, (await person.Client.ReadAsync("/files")).Body.Number("total_count"));
    }

    [Fact]
    public async Task An_empty_file_and_none_are_refused()
    {
        var person = await (await hubs.OnAsync(TestDatabase.Sqlite)).NewPersonAsync();
        (await UploadAsync(person, "x.png", "image/png", [])).IsError(400, "validation_failed");
        (
            await person.Client.SendAsync("POST", "/files/upload", new MultipartFormDataContent { { new StringContent("x"), "other" } })
        ).IsError(400, "validation_failed");
        (await person.Client.SendAsync("POST", "/files/upload", "{}")).IsError(415, "unsupported_media_type");
        (await UploadAsync(person, "x.png", "image/png", Png, "unknown")).IsError(404, "chat_not_found");
    }

    [Fact]
    public async Task A_file_above_the_limits_is_refused_and_nothing_is_left()
    {
        await using var hub = await AdminHub.StartAsync(settings: new Dictionary<string, string> { ["MAX_UPLOAD_SIZE"] = "1000" });
        var person = await hub.NewPersonAsync();
        (await UploadAsync(person, "x.png", "image/png", Png[..1_001])).IsError(413, "payload_too_large");
        (await UploadAsync(person, "x.png", "image/png", Png[..1_000])).Is(201);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/max_files_per_user", new { value = 1 })).Is(200);
        (await UploadAsync(person, "x.png", "image/png", Png[..1_000])).IsError(409, "conflict");
    }

    [Theory, BothDatabases]
    public async Task Bytes_without_a_file_are_swept_away(TestDatabase database)
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        await using var hub = await AdminHub.StartAsync(database, time: clock);
        var person = await hub.NewPersonAsync();
        var id = (await UploadAsync(person, "a.png", "image/png", Png)).Body.Text("id");
        var kept = (await UploadAsync(person, "b.png", "image/png", Png)).Body.Text("id");
        await hub.ReadAsync(db => db.Files.Where(f => f.Id == id).ExecuteDeleteAsync());
        var files = hub.Host.Services.GetRequiredService<FileStore>();
        Assert.Equal(0, await files.SweepAsync(default)); // it may still be on its way

        clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, await files.SweepAsync(default));
        Assert.Equal(0, await files.SweepAsync(default));
        Assert.True(files.HasBytes(await hub.ReadAsync(db => db.Files.SingleAsync(f => f.Id == kept))));
    }

    private static Task<ApiAnswer> UploadAsync(Person person, string name, string type, byte[] content, string? chat = null)
    {
        var form = new MultipartFormDataContent
        {
            {
                new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
                "file",
                name
            },
        };
        if (chat is not null)
        {
            form.Add(new StringContent(chat), "chat_id");
        }
        return person.Client.SendAsync("POST", "/files/upload", form);
    }
}
