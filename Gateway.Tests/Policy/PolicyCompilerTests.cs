using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;

namespace Gateway.Tests.Policy;

public sealed class PolicyCompilerTests
{
    [Fact]
    public void A_model_is_found_by_each_of_its_names_exact_to_the_letter()
    {
        var policy = Compile(Model("id-1", "Display", "upstream", "alias-a", "alias-b"));
        Assert.All(["upstream", "Display", "id-1", "alias-a", "alias-b"], name => Assert.Equal("id-1", policy.FindModel(name)?.Id));
        Assert.Null(policy.FindModel("UPSTREAM"));
        Assert.Equal(("upstream", "upstream"), (policy.Models[0].Name, policy.Models[0].UpstreamName));
    }

    [Fact]
    public void Without_an_upstream_name_the_display_name_goes_upstream() =>
        Assert.Equal("Display", Compile(Model("id-1", "Display", null)).Models[0].UpstreamName);

    [Fact]
    public void A_display_name_that_two_models_share_belongs_to_none()
    {
        var policy = Compile(Model("id-1", "Same", "one"), Model("id-2", "Same", "two"));
        Assert.Null(policy.FindModel("Same"));
        Assert.Equal("id-1", policy.FindModel("one")?.Id);
    }

    [Fact]
    public void An_upstream_name_wins_over_another_models_display_name() =>
        Assert.Equal("id-2", Compile(Model("id-1", "gpt", "one"), Model("id-2", "Other", "gpt")).FindModel("gpt")?.Id);

    [Fact]
    public void An_alias_must_not_be_another_models_name_and_every_fault_is_told()
    {
        Assert.False(TryCompile([Model("id-1", "One", "one", "two"), Model("id-2", "Two", "two", "one")], [], out _, out var faults));
        Assert.Equal(2, faults.Count);
        Assert.Contains("Model One: the alias \"two\" is the name of model two already.", faults);
    }

    [Fact]
    public void An_alias_that_is_the_models_own_name_is_no_fault() =>
        Assert.NotNull(Compile(Model("id-1", "One", "one", "one", "One", "id-1")).FindModel("one"));

    [Fact]
    public void A_rate_that_is_none_or_negative_is_a_fault()
    {
        ModelRate[] rates =
        [
            new()
            {
                ModelId = "id-1",
                RateKey = "nonsense",
                PicoUsd = 1,
                Source = "admin",
            },
            new()
            {
                ModelId = "id-1",
                RateKey = "input",
                PicoUsd = -1,
                Source = "admin",
            },
        ];
        Assert.False(TryCompile([Model("id-1", "One", "one")], rates, out var snapshot, out var faults));
        Assert.Null(snapshot);
        Assert.Equal(["Model One: \"nonsense\" is no rate.", "Model One: the rate \"input\" is negative."], faults);
    }

    [Fact]
    public void A_model_without_a_config_is_enabled_and_not_free()
    {
        var model = Compile(Model("id-1", "One", "one")).Models[0];
        Assert.Equal((true, false), (model.IsEnabled, model.IsFree));
    }

    private static PolicySnapshot Compile(params CatalogModel[] models)
    {
        Assert.True(TryCompile(models, [], out var snapshot, out var faults), string.Join(' ', faults));
        return snapshot!;
    }

    private static bool TryCompile(
        CatalogModel[] models,
        ModelRate[] rates,
        out PolicySnapshot? snapshot,
        out IReadOnlyList<string> faults
    ) => PolicyCompiler.TryCompile(new PolicyRows(7, models, [], rates), out snapshot, out faults);

    private static CatalogModel Model(string id, string name, string? externalId, params string[] aliases) =>
        new()
        {
            Id = id,
            CompanyId = "c",
            Name = name,
            ExternalId = externalId,
            Aliases = [.. aliases],
            Mode = "chat",
        };
}
