using System.Net;
using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin.OpenApi;

/// <summary>Section 2.17, documents.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class DocumentTests(AdminHubs hubs)
{
    [Fact]
    public async Task Every_served_route_is_in_the_document_with_its_parameters_and_access()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var document = await ReadAsync(hub);
        var served = hub.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal) && e.Metadata.GetMetadata<HttpMethodMetadata>() is not null && !e.RoutePattern.RawText!.EndsWith("/docs", StringComparison.Ordinal));
        foreach (var endpoint in served)
        {
            var path = endpoint.RoutePattern.RawText!.TrimEnd('/').Replace("{**", "{");
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var operation = document.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant());
                Assert.Equal(endpoint.RoutePattern.Parameters.Count, operation.GetProperty("parameters").EnumerateArray().Count(p => p.Text("in") == "path"));
                Assert.True(operation.GetProperty("responses").TryGetProperty("429", out _));
            }
        }
        var ids = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value.Text("operationId")).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
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
        var required = document.At("components.schemas").GetProperty(schema ?? "Model").GetProperty("required").EnumerateArray().Select(m => m.GetString()!);
        Assert.Equal(required.Order(StringComparer.Ordinal), row.MemberNames());
    }

    [Fact]
    public async Task The_pages_are_there_and_can_be_switched_off()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        using var page = await hub.Anonymous.GetAsync("/docs");
        Assert.Equal(("text/html", HttpStatusCode.OK), (page.Content.Headers.ContentType!.MediaType, page.StatusCode));
        Assert.DoesNotContain("https://", await page.Content.ReadAsStringAsync());   // nothing from another host
        using var redirect = await hub.Anonymous.GetAsync("/api/v1/docs");
        Assert.Equal("/docs", redirect.Headers.Location!.ToString());

        await using var without = await AdminHub.StartAsync(settings: new Dictionary<string, string> { ["DOCS_ENABLED"] = "false" });
        foreach (var path in new[] { "/docs", "/openapi.json" })
        {
            using var gone = await without.Anonymous.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }
    }

    private static async Task<JsonElement> ReadAsync(AdminHub hub)
    {
        using var answer = await hub.Anonymous.GetAsync("/openapi.json");
        return await answer.JsonAsync();
    }
}
