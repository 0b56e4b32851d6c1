namespace Gateway.Tests.Deployment;

[CollectionDefinition(ReleaseBuild.Name)]
public sealed class ReleaseBuildCollection : ICollectionFixture<ReleaseBuild>;
