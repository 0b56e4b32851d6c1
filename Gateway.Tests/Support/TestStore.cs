using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Tests.Support;

/// <summary>An empty, migrated database of one test.</summary>
public sealed class TestStore : IDbContextFactory<HubDbContext>, IDisposable
{
    private readonly DbContextOptions<HubDbContext> _options;
    private readonly DirectoryInfo? _folder;

    private TestStore(StoreProvider provider, string url, DirectoryInfo? folder)
    {
        Provider = provider;
        Url = url;
        _folder = folder;
        var options = new DbContextOptionsBuilder<HubDbContext>();
        provider.Configure(options);
        _options = options.Options;
    }

    public StoreProvider Provider { get; }

    /// <summary>Where it is.</summary>
    public string Url { get; }

    /// <summary>How a test itself connects to a PostgreSQL of a URL, without a pool.</summary>
    public static string ConnectionStringOf(string url)
    {
        var place = new Uri(url);
        return $"Host={place.Host};Port={place.Port};Username=postgres;Database={place.AbsolutePath.Trim('/')};Pooling=false";
    }

    /// <param name="database">Which.</param>
    /// <param name="migration">The last migration that it has; null: all.</param>
    public static async Task<TestStore> CreateAsync(TestDatabase database, string? migration = null)
    {
        var folder = database == TestDatabase.Sqlite ? Directory.CreateTempSubdirectory("hub-store-") : null;
        var text = await TestDatabases.CreateAsync(database) ?? $"sqlite:{folder!.FullName}/hub.db";
        Assert.True(DatabaseUrl.TryParse(text, out var url));
        var store = new TestStore(StoreProvider.For(url), text, folder);
        if (folder is null)
        {
            store.Provider.Prepare();
        }
        await using var db = store.CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(migration);
        return store;
    }

    public HubDbContext CreateDbContext() => new(_options);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder?.Delete(recursive: true);
    }
}
