namespace Gateway.Tests.Support;

/// <summary>
/// <c>[Theory, BothDatabases]</c>: the test takes a <see cref="TestDatabase"/> and runs on SQLite and PostgreSQL, and in the build that
/// speaks MySQL on MariaDB too.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothDatabasesAttribute : Xunit.Sdk.DataAttribute
{
    public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) =>
        TestDatabases.All.Select(database => new object[] { database });
}
