namespace Gateway.Tests.Support;

/// <summary>The tests of the request pipeline that share a gateway; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class SharedHubCollection : ICollectionFixture<SharedHub>
{
    public const string Name = "shared hub";
}
