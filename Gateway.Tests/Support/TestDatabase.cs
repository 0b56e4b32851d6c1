namespace Gateway.Tests.Support;

/// <summary>The databases that every store test runs on.</summary>
public enum TestDatabase
{
    Sqlite,
    Postgres,

    /// <summary>In the build that speaks it: <see cref="TestDatabases.All"/>.</summary>
    MySql,
}
