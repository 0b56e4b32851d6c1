using System.Net;
using System.Net.Http.Headers;
using Gateway.Tests.Admin.Support;

namespace Gateway.Tests.Admin.Transport;

/// <summary>A page that asks for two hundred lists which it has already is not refused for that.</summary>
public sealed class RevalidationTests
{
    [Fact]
    public async Task What_is_unchanged_does_not_count_and_what_is_not_does()
    {
        await using var hub = await StartAsync(catalogue: 3, revalidations: 1_000);
        var tag = (await GetAsync(hub, "/tiers", null)).Headers.ETag!.Tag;

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(hub, "/tiers", tag)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(hub, "/tiers", "\"other\"")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(hub, "/currencies", tag)).StatusCode);
        var refused = await GetAsync(hub, "/tiers", "\"other\"");
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (refused.StatusCode, refused.Headers.RetryAfter is not null));
        Assert.Null(refused.Headers.ETag);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync(hub, "/tiers", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(hub, "/tiers", tag)).StatusCode);
    }

    [Fact]
    public async Task An_answer_without_a_tag_counts_though_the_client_asks_with_one()
    {
        await using var hub = await StartAsync(catalogue: 2, revalidations: 1_000);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(hub, "/companies/unknown", "\"x\"")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(hub, "/companies/unknown", "\"x\"")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync(hub, "/tiers", null)).StatusCode);
    }

    [Fact]
    public async Task Asking_has_a_limit_of_its_own()
    {
        await using var hub = await StartAsync(catalogue: 100, revalidations: 2);
        var tag = (await GetAsync(hub, "/tiers", null)).Headers.ETag!.Tag;
        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(hub, "/tiers", tag)).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(hub, "/tiers", tag)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync(hub, "/tiers", tag)).StatusCode);
    }

    private static Task<AdminHub> StartAsync(int catalogue, int revalidations) =>
        AdminHub.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["RATE_LIMIT_CATALOGUE_PER_MINUTE"] = catalogue.ToString(),
                ["RATE_LIMIT_REVALIDATIONS_PER_MINUTE"] = revalidations.ToString(),
            }
        );

    private static async Task<HttpResponseMessage> GetAsync(AdminHub hub, string path, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1" + path);
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(tag));
        }
        return await hub.Anonymous.SendAsync(request);
    }
}
