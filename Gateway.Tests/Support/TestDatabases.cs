namespace Gateway.Tests.Support;

/// <summary>Makes what a test on one of several databases needs.</summary>
internal static class TestDatabases
{
    /// <summary>The databases that this build speaks.</summary>
    public static IReadOnlyList<TestDatabase> All { get; } =
        Core.Storage.Providers.BuildFlavour.HasMySql
            ? [TestDatabase.Sqlite, TestDatabase.Postgres, TestDatabase.MySql]
            : [TestDatabase.Sqlite, TestDatabase.Postgres];

    /// <summary>The URL of an empty database on a server; null for SQLite, which is a file in a test's own folder.</summary>
    public static async Task<string?> CreateAsync(TestDatabase database) =>
        database switch
        {
            TestDatabase.Postgres => await PostgresServer.CreateDatabaseAsync(),
            TestDatabase.MySql => await MariaDbServer.CreateDatabaseAsync(),
            _ => null,
        };

    /// <summary>The settings of a gateway on an empty database.</summary>
    public static async Task<Dictionary<string, string>> SettingsAsync(TestDatabase database) =>
        await CreateAsync(database) is { } url ? new Dictionary<string, string> { ["DATABASE_URL"] = url } : [];
}
