using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Gateway.Limits.Bound;

namespace Gateway.Tests.Policy;

/// <summary>Where a model may be called, and for whom it is bounded.</summary>
public sealed class PlaceTests
{
    private static readonly PolicyUpstream LiteLlm = Upstream("litellm", UpstreamKind.LiteLlm, priority: 0);
    private static readonly PolicyUpstream OpenAi = Upstream("openai", UpstreamKind.OpenAi, priority: 2);
    private static readonly PolicyUpstream Google = Upstream("google", UpstreamKind.Google, priority: 1);

    [Fact]
    public void A_model_stands_where_it_is_listed_by_priority_and_by_its_name_there()
    {
        var model = Compile([LiteLlm, OpenAi, Google], ("openai", "there"), ("google", "models/there"));
        Assert.Equal([("google", "models/there"), ("openai", "there")], model.Places.Select(p => (p.Upstream.Name, p.Name)));
        Assert.Equal("\"there\"", System.Text.Encoding.UTF8.GetString(model.Places[1].NameJson.Span));
    }

    [Fact]
    public void A_model_that_stands_nowhere_in_force_goes_to_LiteLLM()
    {
        Assert.Equal(["litellm"], Compile([LiteLlm, OpenAi]).Places.Select(p => p.Upstream.Name));
        Assert.Equal(["litellm"], Compile([LiteLlm, OpenAi], ("disabled", "there")).Places.Select(p => p.Upstream.Name));
        Assert.Empty(Compile([OpenAi], ("disabled", "there")).Places);
    }

    [Fact]
    public void A_call_is_bounded_for_each_provider_that_it_may_go_to()
    {
        var alone = Compile([OpenAi], ("openai", "there"));
        var both = Compile([OpenAi, Google], ("openai", "there"), ("google", "there"));
        Assert.Equal(["openai", "gemini"], both.Providers);
        Assert.NotNull(ProviderAllowance.Of(alone).ImageTokens);
        Assert.Null(ProviderAllowance.Of(both).ImageTokens); // an image has no known bound at Google
        Assert.True(ProviderAllowance.Of(both).ToolsOverheadTokens > ProviderAllowance.Of(alone).ToolsOverheadTokens);
    }

    private static PolicyModel Compile(PolicyUpstream[] inForce, params (string Upstream, string Name)[] listed)
    {
        var rows = new PolicyRows(
            1,
            [
                new CatalogModel
                {
                    Id = "m",
                    CompanyId = "c",
                    Name = "here",
                    ExternalId = "here",
                    Mode = "chat",
                    Providers = ["openai"],
                },
            ],
            [],
            []
        )
        {
            Upstreams = inForce,
            UpstreamModels =
            [
                .. listed.Select(l => new UpstreamModelRow
                {
                    UpstreamId = l.Upstream,
                    ModelId = "m",
                    UpstreamName = l.Name,
                }),
            ],
        };
        Assert.True(PolicyCompiler.TryCompile(rows, out var policy, out _));
        return policy.Models[0];
    }

    private static PolicyUpstream Upstream(string name, UpstreamKind kind, int priority) =>
        new(name, kind, [new Uri("http://host")], "key")
        {
            Id = name,
            Priority = priority,
            Provider = kind.Provider,
        };
}
