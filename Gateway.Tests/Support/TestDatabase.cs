namespace Gateway.Tests.Support;

/// <summary>The databases that every store test runs on.</summary>
public enum TestDatabase
{
    Sqlite,
    Postgres,
}
