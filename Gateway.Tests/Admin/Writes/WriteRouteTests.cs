using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Tests.Admin.Writes;

/// <summary>
/// Fifty calls at once of every write route: no fault of ours, and exactly the state that they say. Routes come from the running product:
/// one without a case here fails.
/// </summary>
[Collection(AdminHubCollection.Name)]
public sealed class WriteRouteTests(WriteWorlds worlds) : IClassFixture<WriteWorlds>
{
    private static readonly Dictionary<string, Func<WriteWorld, string, Task>> Cases = new[]
    {
        SignInWrites.Cases,
        UserWrites.Cases,
        KeyWrites.Cases,
        MoneyWrites.Cases,
        QuotaWrites.Cases,
        CatalogueWrites.Cases,
        UpstreamWrites.Cases,
        UpstreamPolicyWrites.Cases,
        SettingWrites.Cases,
        ChatWrites.Cases,
    }
        .SelectMany(c => c)
        .SelectMany(Methods)
        .ToDictionary(c => c.Route, c => c.Run);

    public static IEnumerable<object[]> Routes() =>
        Cases.Keys.SelectMany(route => TestDatabases.All.Select(database => new object[] { route, database }));

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Fifty_at_once_leave_exactly_what_they_say(string route, TestDatabase database) =>
        await Cases[route](await worlds.OnAsync(database), route.Split(' ')[0]);

    [Fact]
    public async Task Every_write_route_has_a_case()
    {
        var world = await worlds.OnAsync(TestDatabase.Sqlite);
        var served = world
            .Hub.Host.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .SelectMany(e =>
                (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(m =>
                    $"{m} {e.RoutePattern.RawText!["/api/v1".Length..].TrimEnd('/').Replace("{**", "{")}"
                )
            )
            .Where(r => r.Split(' ')[0] is "POST" or "PUT" or "PATCH" or "DELETE");
        Assert.Equal([], served.Except(Cases.Keys).Order());
        Assert.Equal([], Cases.Keys.Except(served).Order());
    }

    // "PUT|PATCH /x": two routes with one case.
    private static IEnumerable<(string Route, Func<WriteWorld, string, Task> Run)> Methods(
        KeyValuePair<string, Func<WriteWorld, string, Task>> entry
    )
    {
        var parts = entry.Key.Split(' ');
        return parts[0].Split('|').Select(method => ($"{method} {parts[1]}", entry.Value));
    }
}
