namespace Gateway.Tests.Support;

/// <summary><c>[Theory, BothDatabases]</c>: the test takes a <see cref="TestDatabase"/> and runs on each.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothDatabasesAttribute : Xunit.Sdk.DataAttribute
{
    public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) =>
        [
            [TestDatabase.Sqlite],
            [TestDatabase.Postgres],
        ];
}
