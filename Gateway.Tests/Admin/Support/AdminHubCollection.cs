namespace Gateway.Tests.Admin.Support;

[CollectionDefinition(Name)]
public sealed class AdminHubCollection : ICollectionFixture<AdminHubs>
{
    public const string Name = "admin hubs";
}
