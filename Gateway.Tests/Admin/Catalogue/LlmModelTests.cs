using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Catalogue;

/// <summary>Section 2.14, <c>GET /llm/models</c>.</summary>
public sealed class LlmModelTests : IAsyncLifetime
{
    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeLiteLlm.StartAsync();
        _upstream.Offers(
            FakeLiteLlm.Row(
                "openai/gpt",
                "openai",
                """{"mode":"chat","max_input_tokens":128000,"input_cost_per_token":2.5e-06,"output_cost_per_token":1e-05,"supports_vision":true,"supports_function_calling":true}"""
            ),
            FakeLiteLlm.Row("plain", "x"),
            FakeLiteLlm.Row("embed", "openai", """{"mode":"embedding"}"""),
            FakeLiteLlm.Row("off", "x")
        );
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Fact]
    public async Task The_default_model_comes_first()
    {
        await using var hub = await _upstream.StartHubAsync();
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/default_chat_model", new { value = "plain" })).Is(200);
        var models = (await hub.Anonymous.ReadAsync("/llm/models")).Body.At("models").EnumerateArray();
        Assert.Equal(["plain", "off", "openai/gpt"], models.Select(m => m.Text("id")));
    }

    [Theory, BothDatabases]
    public async Task Enabled_chat_models_are_listed_with_prices_per_thousand_tokens(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var off = (await hub.Admin.Client.ReadAsync("/admin/models?search=off")).Body.Text("data.0.id");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{off}", new { model_config = new { is_enabled = false } })).Is(200);
        var plain = (await hub.Admin.Client.ReadAsync("/admin/models?search=plain")).Body.Text("data.0.id");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{plain}", new { model_config = new { is_free = true } })).Is(200);

        var answer = await hub.Host.NewClient("stale").ReadAsync("/llm/models");

        answer.Is(200);
        answer.Body.HasExactly("models", "gateway");
        Assert.Equal(["openai/gpt", "plain"], answer.Body.At("models").EnumerateArray().Select(m => m.Text("id")));
        var model = answer.Body.At("models.0");
        model.HasExactly(
            "id",
            "model_id",
            "name",
            "provider",
            "price_input",
            "price_output",
            "context_length",
            "capabilities",
            "is_free",
            "tier"
        );
        Assert.Equal(
            ("openai", 0.0025m, 0.01m, 128_000m, "balanced"),
            (
                model.Text("provider"),
                model.Number("price_input"),
                model.Number("price_output"),
                model.Number("context_length"),
                model.Text("tier")
            )
        );
        Assert.Equal(["text", "vision", "function_calling"], model.At("capabilities").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(
            (0m, 0m, "budget"),
            (answer.Body.Number("models.1.price_input"), answer.Body.Number("models.1.context_length"), answer.Body.Text("models.1.tier"))
        );
    }
}
