namespace Gateway.Tests.RealLiteLlm;

/// <summary>
/// The tests of this folder share one product and run one after the other: the LiteLLM under test is a single slow process.
/// </summary>
[CollectionDefinition(Name)]
public sealed class RealLiteLlmTests : ICollectionFixture<RealHub>
{
    public const string Name = "Real LiteLLM";
}
