using System.Net;
using System.Text;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Support;

namespace Gateway.Tests.Stored;

/// <summary>Files that OpenAI keeps: whose they are, and how they pass.</summary>
public sealed class FileTests
{
    private const string All = BatchCalls.Files;

    [Theory, BothDatabases]
    public async Task Its_user_uploads_lists_reads_and_deletes_it(TestDatabase database)
    {
        await using var hub = await ProviderHub.StartAsync(database);
        using var client = await hub.NewUserAsync();
        var first = await (await client.UploadAsync("What I know.", "user_data")).IdAsync();
        var second = await (await client.UploadAsync("More.", "user_data", isFirst: true)).IdAsync();
        var list = await (await client.GetAsync(All + "?limit=1&order=asc&purpose=user_data")).JsonAsync();
        Assert.Equal((first, true), (list.GetProperty("data")[0].GetProperty("id").GetString(), list.GetProperty("has_more").GetBoolean()));
        list = await (await client.GetAsync($"{All}?after={first}&order=asc")).JsonAsync();
        Assert.Equal(second, list.GetProperty("last_id").GetString());
        Assert.Equal("calls.jsonl", (await (await client.GetAsync($"{All}/{first}")).JsonAsync()).GetProperty("filename").GetString());
        Assert.Equal("What I know.", await (await client.GetAsync($"{All}/{first}/content")).Content.ReadAsStringAsync());
        Assert.True((await (await client.DeleteAsync($"{All}/{first}")).JsonAsync()).GetProperty("deleted").GetBoolean());
        await (await client.GetAsync($"{All}/{first}")).AssertRefusedAsync(404, "invalid_request_error", "file_not_found", "file_id");
    }

    [Theory, BothDatabases]
    public async Task To_another_user_it_does_not_exist(TestDatabase database)
    {
        await using var hub = await ProviderHub.StartAsync(database);
        using var client = await hub.NewUserAsync();
        using var other = await hub.NewUserAsync();
        var id = await (await client.UploadAsync("What I know.", "user_data")).IdAsync();
        foreach (var (method, rest) in new[] { ("GET", ""), ("DELETE", ""), ("GET", "/content") })
        {
            var answer = await other.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"{All}/{id}{rest}"));
            await answer.AssertRefusedAsync(404, "invalid_request_error", "file_not_found", "file_id");
        }
        Assert.Equal(0, (await (await other.GetAsync(All)).JsonAsync()).GetProperty("data").GetArrayLength());
        Assert.Equal(HttpStatusCode.Unauthorized, (await hub.Hub.Anonymous.GetAsync($"{All}/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await hub.Hub.Anonymous.GetAsync(All)).StatusCode);
    }

    [Fact]
    public async Task Another_users_file_cannot_be_put_into_a_call()
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await hub.NewUserAsync();
        using var other = await hub.NewUserAsync();
        var id = await (await client.UploadAsync("What I know.", "user_data")).IdAsync();
        var body = $$$"""{"model":"gpt-4o-mini","input":[{"role":"user","content":[{"type":"input_file","file_id":"{{{id}}}"}]}]}""";
        var refused = await other.SendAsync(InferenceCalls.Post("/v1/responses", body));
        await refused.AssertRefusedAsync(404, "invalid_request_error", "file_not_found", "file_id");
        var items = $$$"""{"items":[{"content":[{"file_id":"{{{id}}}"}]}]}""";
        var added = await other.SendAsync(InferenceCalls.Post("/v1/conversations", items));
        await added.AssertRefusedAsync(404, "invalid_request_error", "file_not_found", "file_id");
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(InferenceCalls.Post("/v1/responses", body))).StatusCode);
    }

    [Fact]
    public async Task More_files_than_can_be_looked_up_are_refused()
    {
        await using var hub = await ProviderHub.StartAsync();
        var items = string.Join(',', Enumerable.Range(0, 1_001).Select(i => $$$"""{"file_id":"{{{i}}}"}"""));
        var answer = await hub.Hub.Client.SendAsync(InferenceCalls.Post("/v1/conversations", $$$"""{"items":[{{{items}}}]}"""));
        await answer.AssertRefusedAsync(400, "invalid_request_error", "invalid_value", "file_id");
    }

    [Fact]
    public async Task A_file_goes_on_byte_for_byte_while_it_comes()
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await hub.NewUserAsync();
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i} Grüße\r\n--no boundary\r\n"));
        var id = await (await client.UploadAsync(text, "user_data")).IdAsync();
        Assert.Equal(text, await (await client.GetAsync($"{All}/{id}/content")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_and_none_is_made()
    {
        await using var hub = await ProviderHub.StartAsync(settings: ("MAX_FILE_BYTES", "5000"));
        using var client = await hub.NewUserAsync();
        var answer = await client.UploadAsync(new string('x', 6_000), "user_data");
        await answer.AssertRefusedAsync(413, "invalid_request_error", "payload_too_large");
        Assert.Equal(0, (await (await client.GetAsync(All)).JsonAsync()).GetProperty("data").GetArrayLength());
    }

    [
        Theory,
        InlineData("Content-Disposition: form-data; name=\"file\"; filename=\"a\"", "purpose"),
        InlineData("Content-Disposition: form-data; name=\"purpose\"", "file"),
        InlineData("Content-Disposition: form-data; name=\"model\"", "model")
    ]
    public async Task A_form_that_lacks_or_adds_something_is_refused(string head, string named)
    {
        await using var hub = await ProviderHub.StartAsync();
        using var content = new StringContent($"--b\r\n{head}\r\n\r\ntext\r\n--b--\r\n");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        var error = await (await hub.Hub.Client.PostAsync(All, content)).ErrorAsync();
        Assert.Equal(400, error.Status);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_upstream_that_keeps_files_it_is_refused_with_the_remedy()
    {
        await using var hub = await HubHost.StartAsync();
        var error = await (await hub.Client.UploadAsync("a", "user_data")).ErrorAsync();
        Assert.Equal((404, "not_available"), (error.Status, error.Code));
        Assert.Contains("LiteLLM does not", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leaves_within_an_upload_leaves_no_file()
    {
        await using var hub = await ProviderHub.StartAsync();
        using (var connection = new System.Net.Sockets.TcpClient(hub.Hub.Address.Host, hub.Hub.Address.Port))
        {
            var head =
                $"POST {All} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {hub.Hub.ApiKey}\r\nContent-Length: 100000\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n"
                + "user_data\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nWhat I know.";
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        }
        Assert.Equal(0, (await (await hub.Hub.Client.GetAsync(All)).JsonAsync()).GetProperty("data").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await hub.Hub.Client.UploadAsync("a", "user_data")).StatusCode);
        Assert.Equal(1, (await (await hub.Hub.Client.GetAsync(All)).JsonAsync()).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task An_upstream_that_breaks_off_is_502_and_nothing_is_kept()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await ProviderHub.StartAsync(provider: provider);
        provider.FailsWith = 0;
        await (await hub.Hub.Client.UploadAsync("a", "user_data")).AssertRefusedAsync(502, "server_error", "upstream_unreachable");
        provider.FailsWith = null;
        Assert.Equal(0, (await (await hub.Hub.Client.GetAsync(All)).JsonAsync()).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task What_the_upstream_refuses_is_told_and_nothing_is_kept()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await ProviderHub.StartAsync(provider: provider);
        provider.FailsWith = 400;
        Assert.Equal(HttpStatusCode.BadRequest, (await hub.Hub.Client.UploadAsync("a", "user_data")).StatusCode);
        provider.FailsWith = null;
        Assert.Equal(0, (await (await hub.Hub.Client.GetAsync(All)).JsonAsync()).GetProperty("data").GetArrayLength());
    }
}
