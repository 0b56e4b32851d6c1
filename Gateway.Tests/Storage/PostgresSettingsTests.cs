using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Storage;

/// <summary>What sessions on PostgreSQL are set to.</summary>
public sealed class PostgresSettingsTests
{
    [Theory]
    [InlineData("", "1.1")]
    [InlineData("&Options=-c%20random_page_cost%3D2.5", "2.5")]
    public async Task Reading_a_page_by_an_index_costs_little_unless_the_address_says_otherwise(string more, string expected)
    {
        Assert.True(DatabaseUrl.TryParse(await PostgresServer.CreateDatabaseAsync() + more, out var url));
        var options = new DbContextOptionsBuilder<HubDbContext>();
        StoreProvider.For(url).Configure(options);
        await using var db = new HubDbContext(options.Options);
        Assert.Equal(expected, (await db.Database.SqlQueryRaw<string>("SHOW random_page_cost").ToListAsync()).Single());
    }
}
