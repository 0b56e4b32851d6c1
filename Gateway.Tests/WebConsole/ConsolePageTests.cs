using System.Net;
using System.Text.RegularExpressions;
using Gateway.Admin.WebConsole;
using Gateway.Tests.Support;

namespace Gateway.Tests.WebConsole;

/// <summary>How the console's files are served; their content is made up, so that nothing has to be built.</summary>
public sealed class ConsolePageTests : IAsyncLifetime
{
    private const string Page = "<!doctype html><meta property=\"csp-nonce\" nonce=\"nonce-of-this-answer\"><div id=\"root\"></div>";
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-console-");
    private HubHost _hub = null!;

    public async Task InitializeAsync()
    {
        var assets = _folder.CreateSubdirectory("assets").FullName;
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "index.html"), Page);
        await File.WriteAllTextAsync(Path.Combine(assets, "index-abc.js"), "plain");
        await File.WriteAllTextAsync(Path.Combine(assets, "index-abc.js.br"), "brotli");
        await File.WriteAllTextAsync(Path.Combine(assets, "index-abc.js.gz"), "gzip");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "secret.txt"), "secret");
        _hub = await StartAsync(_folder.FullName);
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/json, text/plain, */*")]
    [InlineData("text/html;q=0.5, application/json")]
    [InlineData("application/json, text/html")]
    [InlineData("text/html;q=0")]
    [InlineData("no media type")]
    public async Task The_root_is_JSON_for_clients_that_do_not_prefer_pages(string? accept)
    {
        using var answer = await GetAsync("/", accept);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("OneUIHub Gateway API", (await answer.JsonAsync()).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("/", Browser)]
    [InlineData("/", "text/html")]
    [InlineData("/console", Browser)]
    [InlineData("/console/calls/unknown?user_id=1", null)]
    public async Task Browsers_get_the_page_at_the_root_and_at_each_view(string path, string? accept)
    {
        using var answer = await GetAsync(path, accept);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("<div id=\"root\">", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_page_has_a_strict_policy_and_a_nonce_of_its_own()
    {
        var nonces = new List<string>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var answer = await GetAsync("/", Browser);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.DoesNotContain("unsafe", policy);
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.Contains("no-store", answer.Headers.CacheControl!.ToString());
            var nonce = Regex.Match(policy, "'nonce-([^']+)'").Groups[1].Value;
            Assert.Contains($"nonce=\"{nonce}\"", await answer.Content.ReadAsStringAsync());
            nonces.Add(nonce);
        }
        Assert.NotEqual(nonces[0], nonces[1]);
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br", "brotli")]
    [InlineData("gzip", "gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip", "gzip")]
    [InlineData("identity", null, "plain")]
    [InlineData(null, null, "plain")]
    public async Task Files_are_kept_for_ever_and_sent_as_small_as_the_browser_reads(string? accepted, string? encoding, string content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/assets/index-abc.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var answer = await _hub.Anonymous.SendAsync(request);
        Assert.Equal(content, await answer.Content.ReadAsStringAsync());
        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString());
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("/console/assets/unknown.js")]
    [InlineData("/console/assets/index-abc.js.br")]
    [InlineData("/console/assets/..%2Fsecret.txt")]
    [InlineData("/console/assets/..%2Findex.html")]
    public async Task Nothing_else_of_the_folder_is_served(string path)
    {
        using var answer = await GetAsync(path, Browser);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_built_console_the_page_says_how_to_get_it()
    {
        await using var hub = await StartAsync(Path.Combine(_folder.FullName, "nothing"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", Browser } } };
        using var answer = await hub.Anonymous.SendAsync(request);
        Assert.Contains("dotnet run -c Release --project Gateway", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task HEAD_has_the_headers_of_GET_and_no_body()
    {
        foreach (var path in new[] { "/console/keys", "/console/assets/index-abc.js" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var answer = await _hub.Anonymous.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Content.Headers.ContentLength > 0);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }
    }

    private static Task<HubHost> StartAsync(string folder) =>
        HubHost.StartAsync(configure: builder => builder.Services.AddSingleton(new ConsoleFolder(folder)));

    private Task<HttpResponseMessage> GetAsync(string path, string? accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return _hub.Anonymous.SendAsync(request);
    }
}
