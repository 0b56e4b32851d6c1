using Gateway.Core.Storage.Providers;
using Gateway.Hosting;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.MySql;

/// <summary>A deployment of the original system starts with the variables that it had, on its server.</summary>
public sealed class MySqlDeploymentTests
{
    [Theory, InlineData("mysql"), InlineData("MariaDB"), InlineData(null)]
    public async Task The_database_may_be_given_in_parts_and_is_made(string? type)
    {
        var name = "parts_" + Guid.NewGuid().ToString("N");
        var server = new Uri(await MariaDbServer.UrlAsync(name));
        var settings = new Dictionary<string, string>
        {
            ["DB_HOST"] = server.Host,
            ["DB_PORT"] = $"{server.Port}",
            ["DB_USER"] = "root",
            ["DB_PASSWORD"] = "",
            ["DB_NAME"] = name,
        };
        if (type is not null)
        {
            settings["DB_TYPE"] = type; // without it the server is asked
        }
        await using var hub = await AdminHub.StartAsync(settings: settings);
        Assert.Equal("mysql", hub.Host.Services.GetRequiredService<StoreProvider>().Name);
        (await hub.Admin.Client.ReadAsync("/me")).Is(200);
    }

    [Fact]
    public async Task A_second_traffic_node_is_refused_on_the_same_database_and_not_on_another()
    {
        var settings = new Dictionary<string, string> { ["DATABASE_URL"] = await MariaDbServer.CreateDatabaseAsync() };
        await using (await HubHost.StartAsync(settings: settings))
        {
            var fault = await Assert.ThrowsAsync<StartFailedException>(() => HubHost.StartAsync(settings: settings));
            Assert.Contains("Another gateway node serves traffic on this database", fault.Message, StringComparison.Ordinal);
            await using var other = await HubHost.StartAsync(TestDatabase.MySql);
        }
        await using var next = await HubHost.StartAsync(settings: settings);
    }

    [Fact]
    public async Task A_server_that_refuses_is_explained()
    {
        var name = "refused_" + Guid.NewGuid().ToString("N");
        await MariaDbServer.ExecuteAsync($"CREATE USER {name}@'%' IDENTIFIED BY 'hush'");
        await SaysAsync(await MariaDbServer.UrlAsync(name, "nobody:hush"), "the user or the password is wrong");
        await SaysAsync(await MariaDbServer.UrlAsync(name, $"{name}:hush"), "the user has no right to the database");
        await SaysAsync(await MariaDbServer.UrlAsync(name) + "&sslmode=required", "TLS");
        await SaysAsync($"mysql://root@127.0.0.1:{PostgresServer.FreePort()}/x", "the connection was refused");
        var postgres = new Uri(await PostgresServer.CreateDatabaseAsync());
        await SaysAsync($"mysql://root@127.0.0.1:{postgres.Port}/x", "a PostgreSQL server answers there");
        await SaysAsync("mysql://root@127.0.0.1/x?ssmode=1", "DATABASE_URL has \"ssmode\" after the ?");
    }

    private static async Task SaysAsync(string url, string what)
    {
        var settings = new Dictionary<string, string> { ["DATABASE_URL"] = url };
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => HubHost.StartAsync(settings: settings));
        Assert.True(HubProcess.IsExpected(fault), fault.ToString());
        Assert.Contains(what, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
