using System.Net;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Callers;

[Collection(SharedHubCollection.Name)]
public sealed class ModelEndpointTests(SharedHub shared)
{
    private readonly HubHost _hub = shared.Hub;

    [Theory, InlineData("/v1/models"), InlineData("/models"), InlineData("/v1/models/")]
    public async Task Models_are_listed_as_openai_lists_them(string path)
    {
        var answer = await _hub.Client.GetAsync(path);
        var list = await answer.JsonAsync();
        Assert.Equal("list", list.GetProperty("object").GetString());
        var model = list.GetProperty("data").EnumerateArray().Single(m => m.GetProperty("id").GetString() == "gpt-4o-mini");
        Assert.Equal(
            [
                "context_length",
                "created",
                "id",
                "input_modalities",
                "max_output_tokens",
                "object",
                "owned_by",
                "pricing",
                "supported_parameters",
            ],
            model.EnumerateObject().Select(p => p.Name).Order()
        );
        Assert.Equal(
            (128_000, 16_384),
            (model.GetProperty("context_length").GetInt64(), model.GetProperty("max_output_tokens").GetInt64())
        );
        Assert.Equal("0.00000015", model.GetProperty("pricing").GetProperty("prompt").GetString());
        Assert.Equal(["text", "image"], model.GetProperty("input_modalities").EnumerateArray().Select(m => m.GetString()));
        Assert.NotEqual(0, model.GetProperty("supported_parameters").GetArrayLength());
        Assert.Equal("model", model.GetProperty("object").GetString());
        Assert.InRange(model.GetProperty("created").GetInt64(), 1_600_000_000, 4_000_000_000);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [
        Theory,
        InlineData("/v1/models/openai/gpt-4o"),
        InlineData("/v1/models/openai%2Fgpt-4o"),
        InlineData("/v1/models/openai%2fgpt-4o"),
        InlineData("/models/openai/gpt-4o")
    ]
    public async Task A_name_with_a_slash_is_found_however_it_is_written(string path) =>
        Assert.Equal("openai/gpt-4o", (await (await _hub.Client.GetAsync(path)).JsonAsync()).GetProperty("id").GetString());

    [Fact]
    public async Task An_unknown_model_is_404() =>
        await (await _hub.Client.GetAsync("/v1/models/nope")).AssertRefusedAsync(404, "invalid_request_error", "model_not_found", "model");

    [Fact]
    public async Task A_key_sees_only_the_models_that_it_may_use()
    {
        var key = await _hub.AddCallerAsync(describeKey: k => k.Models = ["gpt-4o", "no longer there"]);
        using var client = _hub.NewClient(key.Text);
        Assert.Equal(["gpt-4o"], Ids(await (await client.GetAsync("/v1/models")).JsonAsync()));
        await (await client.GetAsync("/v1/models/gpt-4o-mini")).AssertRefusedAsync(
            404,
            "invalid_request_error",
            "model_not_found",
            "model"
        );
    }

    [Fact]
    public async Task A_disabled_model_is_not_shown()
    {
        var id = await IdOfAsync("sandbox-limits-float");
        await SetEnabledAsync(id, false);
        Assert.DoesNotContain("sandbox-limits-float", Ids(await (await _hub.Client.GetAsync("/v1/models")).JsonAsync()));
        Assert.Equal(HttpStatusCode.NotFound, (await _hub.Client.GetAsync("/v1/models/sandbox-limits-float")).StatusCode);
        await SetEnabledAsync(id, true);
        Assert.Contains("sandbox-limits-float", Ids(await (await _hub.Client.GetAsync("/v1/models")).JsonAsync()));
    }

    private static IEnumerable<string?> Ids(JsonElement list) =>
        list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString());

    private async Task<string> IdOfAsync(string name)
    {
        await using var db = await _hub.Databases.CreateDbContextAsync();
        return await db.Models.Where(m => m.ExternalId == name).Select(m => m.Id).SingleAsync();
    }

    private Task SetEnabledAsync(string modelId, bool isEnabled) =>
        _hub.DecideHereAsync(
            ChangedEntities.Model,
            modelId,
            null,
            async db =>
            {
                var config = await db.ModelConfigs.SingleOrDefaultAsync(c => c.ModelId == modelId);
                if (config is null)
                {
                    config = new ModelConfig
                    {
                        Id = Guid.NewGuid().ToString(),
                        ModelId = modelId,
                        PriceSource = PriceSources.LiteLlm,
                        CreatedAt = DateTime.UtcNow,
                        UpdatedAt = DateTime.UtcNow,
                    };
                    db.ModelConfigs.Add(config);
                }
                config.IsEnabled = isEnabled;
            }
        );
}
