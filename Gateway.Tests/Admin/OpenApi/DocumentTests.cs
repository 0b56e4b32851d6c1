using System.Net;
using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Tests.Admin.OpenApi;

/// <summary>Section 2.17, documents.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class DocumentTests(AdminHubs hubs)
{
    [Fact]
    public async Task One_version_is_shown_everywhere()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        using var document = JsonDocument.Parse(await hub.Anonymous.GetStringAsync("/openapi.json"));
        using var health = JsonDocument.Parse(await hub.Anonymous.GetStringAsync("/health"));
        using var root = JsonDocument.Parse(await hub.Anonymous.GetStringAsync("/"));
        var version = document.RootElement.Text("info.version");
        Assert.Matches(@"^\d+\.\d+\.\d+$", version);
        Assert.Equal((version, version), (health.RootElement.Text("version"), root.RootElement.Text("version")));
        Assert.Equal(
            version,
            document
                .RootElement.GetProperty("paths")
                .GetProperty("/health")
                .Text("get.responses.200.content.application/json.example.version")
        );
    }

    [Fact]
    public async Task Every_served_route_is_in_the_document_with_its_parameters_and_access()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var document = await ReadAsync(hub);
        var served = hub
            .Host.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e =>
                e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal)
                && e.Metadata.GetMetadata<HttpMethodMetadata>() is not null
                && !e.RoutePattern.RawText!.EndsWith("/docs", StringComparison.Ordinal)
            );
        foreach (var endpoint in served)
        {
            var path = endpoint.RoutePattern.RawText!.TrimEnd('/').Replace("{**", "{");
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var operation = document.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant());
                Assert.Equal(
                    endpoint.RoutePattern.Parameters.Count,
                    operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().Count(p => p.Text("in") == "path") : 0
                );
                Assert.True(operation.GetProperty("responses").TryGetProperty("429", out _));
            }
        }
        var ids = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject())
            .Select(o => o.Value.Text("operationId"))
            .ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_and_stands_in_an_area_that_is_described()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var document = await ReadAsync(hub);
        var areas = document
            .GetProperty("tags")
            .EnumerateArray()
            .Where(t => t.Text("description").Length > 10)
            .Select(t => t.Text("name"))
            .ToHashSet();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = $"{operation.Name} {path.Name}";
                Assert.True(operation.Value.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 3, name);
                Assert.True(operation.Value.TryGetProperty("description", out var text) && text.GetString()!.Length > 10, name);
                Assert.True(operation.Value.GetProperty("tags").EnumerateArray().All(t => areas.Contains(t.GetString()!)), name);
                var statuses = operation.Value.GetProperty("responses").EnumerateObject().Select(r => r.Name);
                Assert.Contains(statuses, s => s is "101" or "200" or "201" or "302");
            }
        }
    }

    [Fact]
    public async Task The_calls_of_v1_and_both_credentials_are_described()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var document = await ReadAsync(hub);
        foreach (
            var path in new[] { "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/models", "/v1/models/{model}", "/v1/key" }
        )
        {
            var operation = document.GetProperty("paths").GetProperty(path).EnumerateObject().Single().Value;
            Assert.Equal("api-key", operation.GetProperty("security")[0].EnumerateObject().Single().Name);
        }
        var schemes = document.At("components.securitySchemes");
        Assert.Contains("/api/v1/auth/login", schemes.Text("bearer.description"));
        Assert.Contains("/api-keys", schemes.GetProperty("api-key").Text("description"));
        var start = document.Text("info.description");
        Assert.All(
            new[] { "Get a token", "Make a key", "Make the first call", "Lists", "Errors", "Limits" },
            part => Assert.Contains($"## {part}", start)
        );
    }

    [Fact]
    public async Task Every_path_of_v1_that_is_served_is_in_the_document()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var paths = (await ReadAsync(hub)).GetProperty("paths");
        var served = hub
            .Host.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Select(e => e.RoutePattern.RawText!.Replace("{**", "{"))
            .Where(p =>
                p.StartsWith("/v1/", StringComparison.Ordinal)
                && p != "/v1/messages/{path}"
                && !p.EndsWith("/{rest}", StringComparison.Ordinal)
            ) // they refuse what nothing serves
            .Distinct()
            .ToList();
        Assert.Contains("/v1/messages", served);
        Assert.All(served, path => Assert.True(paths.TryGetProperty(path, out _), path));
    }

    [Fact]
    public async Task Rules_of_members_are_in_the_schemas_that_bind_them()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var schemas = (await ReadAsync(hub)).At("components.schemas");
        var user = schemas.GetProperty("NewUser");
        Assert.Equal(["email", "password"], user.GetProperty("required").EnumerateArray().Select(m => m.GetString()!).Order());
        Assert.Equal((8, 128), (user.At("properties.password.minLength").GetInt32(), user.At("properties.password.maxLength").GetInt32()));
        Assert.Equal("admin", user.At("properties.role.enum").EnumerateArray().Last().GetString());
        Assert.Equal(["name"], schemas.At("NewTier.required").EnumerateArray().Select(m => m.GetString()!));
        Assert.False(schemas.GetProperty("TierUpdate").TryGetProperty("required", out _));
    }

    [Theory]
    [InlineData("/tiers", "Tier")]
    [InlineData("/models", null)]
    [InlineData("/admin/users", "User")]
    [InlineData("/admin/budgets", "Budget")]
    [InlineData("/admin/settings", "Setting")]
    [InlineData("/admin/access-tokens", "MachineToken")]
    public async Task Answers_have_exactly_the_members_of_their_schema(string path, string? schema)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var document = await ReadAsync(hub);
        await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { max_budget = 1 });
        await hub.Admin.Client.SendAsync("POST", "/admin/access-tokens", new { name = "n", role = "support" });
        var answer = await hub.Admin.Client.ReadAsync(path);
        var row = answer.Body.At("data.0");
        var required = document
            .At("components.schemas")
            .GetProperty(schema ?? "Model")
            .GetProperty("required")
            .EnumerateArray()
            .Select(m => m.GetString()!);
        Assert.Equal(required.Order(StringComparer.Ordinal), row.MemberNames());
    }

    [Fact]
    public async Task The_pages_are_there_and_can_be_switched_off()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        using var page = await hub.Anonymous.GetAsync("/docs");
        Assert.Equal(("text/html", HttpStatusCode.OK), (page.Content.Headers.ContentType!.MediaType, page.StatusCode));
        Assert.DoesNotContain("://", await page.Content.ReadAsStringAsync()); // nothing from another host
        using var redirect = await hub.Anonymous.GetAsync("/api/v1/docs");
        Assert.Equal("/docs", redirect.Headers.Location!.ToString());

        await using var without = await AdminHub.StartAsync(settings: new Dictionary<string, string> { ["DOCS_ENABLED"] = "false" });
        foreach (var path in new[] { "/docs", "/docs/start.js", "/docs/swagger-ui-bundle.js", "/redoc", "/openapi.json" })
        {
            using var gone = await without.Anonymous.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }
    }

    [Theory]
    [InlineData("/docs", "/docs/swagger-ui-bundle.js", "/docs/start.js", "/docs/swagger-ui.css")]
    [InlineData("/redoc", "/redoc/redoc.standalone.js", "/redoc/start.js")]
    public async Task A_page_loads_only_files_that_are_served_here(string path, params string[] files)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        using var page = await hub.Anonymous.GetAsync(path);
        var text = await page.Content.ReadAsStringAsync();
        Assert.All(files, file => Assert.Contains($"\"{file}\"", text));
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self';", policy);
        Assert.DoesNotContain("unsafe-eval", policy);
        foreach (var file in files)
        {
            using var plain = await hub.Anonymous.GetAsync(file);
            Assert.Equal(
                (HttpStatusCode.OK, file.EndsWith(".css") ? "text/css" : "text/javascript"),
                (plain.StatusCode, plain.Content.Headers.ContentType!.MediaType)
            );
            using var request = new HttpRequestMessage(HttpMethod.Get, file) { Headers = { { "Accept-Encoding", "gzip" } } };
            using var compressed = await hub.Anonymous.SendAsync(request);
            var body = await compressed.Content.ReadAsByteArrayAsync();
            if (compressed.Content.Headers.ContentEncoding.Contains("gzip"))
            {
                using var unpacked = new MemoryStream();
                await using var gzip = new System.IO.Compression.GZipStream(
                    new MemoryStream(body),
                    System.IO.Compression.CompressionMode.Decompress
                );
                await gzip.CopyToAsync(unpacked);
                body = unpacked.ToArray();
            }
            Assert.Equal(await plain.Content.ReadAsByteArrayAsync(), body);
        }
    }

    private static async Task<JsonElement> ReadAsync(AdminHub hub)
    {
        using var answer = await hub.Anonymous.GetAsync("/openapi.json");
        return await answer.JsonAsync();
    }
}
