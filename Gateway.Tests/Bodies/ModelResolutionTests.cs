using System.Net;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Bodies;

[Collection(SharedHubCollection.Name)]
public sealed class ModelResolutionTests(SharedHub shared)
{
    private readonly HubHost _hub = shared.Hub;

    [Fact]
    public async Task A_model_is_called_by_each_of_its_names_and_goes_upstream_by_its_own()
    {
        var model = await AddModelAsync(m =>
            (m.Name, m.ExternalId, m.Aliases) = ("Display Name " + m.Id[..8], "sandbox-chunks-21", ["alias-" + m.Id])
        );
        foreach (var name in new[] { "sandbox-chunks-21", model.Name, model.Id, model.Aliases[0] })
        {
            var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat(name));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("sandbox-chunks-21", _hub.Sandbox!.Ledger.Find(answer.RequestId())!.Model);
            Assert.Equal(
                (model.Id, "sandbox-chunks-21"),
                ((await _hub.RecordAsync(answer)).ModelId, (await _hub.RecordAsync(answer)).ModelName)
            );
        }
    }

    [Fact]
    public async Task Only_the_name_of_the_model_changes_in_the_body()
    {
        var model = await AddModelAsync(m => (m.ExternalId, m.Aliases) = ("sandbox-chunks-22", ["alias-" + m.Id]));
        var body = InferenceCalls.Chat(model.Aliases[0], ",\"x\":1.50");
        var answer = await _hub.Client.ChatAsync(body);
        Assert.Equal(
            body.Replace(model.Aliases[0], "sandbox-chunks-22", StringComparison.Ordinal),
            _hub.Sandbox!.Ledger.Find(answer.RequestId())!.Received!.Body
        );
    }

    [Fact]
    public async Task An_unknown_model_is_404_as_openai_writes_it()
    {
        var error = await (await _hub.Client.ChatAsync(InferenceCalls.Chat("gpt-99"))).AssertRefusedAsync(
            404,
            "invalid_request_error",
            "model_not_found",
            "model"
        );
        Assert.Equal("The model `gpt-99` does not exist or you do not have access to it.", error.Message);
    }

    [Fact]
    public async Task Names_are_exact_to_the_letter() =>
        await (await _hub.Client.ChatAsync(InferenceCalls.Chat("SANDBOX-CHAT"))).AssertRefusedAsync(
            404,
            "invalid_request_error",
            "model_not_found",
            "model"
        );

    [Fact]
    public async Task A_very_long_name_is_shown_back_short()
    {
        var error = await (await _hub.Client.ChatAsync(InferenceCalls.Chat(new string('x', 100_000)))).AssertRefusedAsync(
            404,
            "invalid_request_error",
            "model_not_found",
            "model"
        );
        Assert.InRange(error.Message.Length, 1, 300);
    }

    [Fact]
    public async Task A_disabled_model_is_403_and_an_enabled_one_serves_the_next_request()
    {
        var model = await AddModelAsync(m => m.ExternalId = "sandbox-chunks-23", config => config.IsEnabled = false);
        await (await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chunks-23"))).AssertRefusedAsync(
            403,
            "permission_error",
            "model_disabled",
            "model"
        );
        await ChangeModelAsync(model, async db => (await db.ModelConfigs.SingleAsync(c => c.ModelId == model.Id)).IsEnabled = true);
        Assert.Equal(HttpStatusCode.OK, (await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chunks-23"))).StatusCode);
    }

    [Fact]
    public async Task A_key_may_use_the_models_that_it_names_by_any_name_and_no_others()
    {
        var model = await AddModelAsync(m => (m.ExternalId, m.Aliases) = ("sandbox-chunks-24", ["alias-" + m.Id]));
        var key = await _hub.AddCallerAsync(describeKey: k => k.Models = [model.Aliases[0]]);
        using var client = _hub.NewClient(key.Text);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chunks-24"))).StatusCode);
        await (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(
            403,
            "permission_error",
            "model_not_allowed",
            "model"
        );
    }

    [Fact]
    public async Task A_new_price_counts_for_the_next_request()
    {
        var model = await AddModelAsync(m => m.ExternalId = "sandbox-usage-100-10");
        await ChangeModelAsync(model, db => AddRatesAsync(db, model, input: 1_000_000, output: 2_000_000));
        Assert.Equal(
            120_000,
            (await _hub.RecordAsync(await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-usage-100-10")))).TotalCostNanoUsd
        );
        await ChangeModelAsync(
            model,
            async db =>
                await db
                    .ModelRates.Where(r => r.ModelId == model.Id && r.RateKey == "input")
                    .ExecuteUpdateAsync(s => s.SetProperty(r => r.PicoUsd, 3_000_000))
        );
        Assert.Equal(
            320_000,
            (await _hub.RecordAsync(await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-usage-100-10")))).TotalCostNanoUsd
        );
    }

    [Fact]
    public async Task Rows_that_do_not_compile_leave_the_last_good_policy_in_force()
    {
        var policy = _hub.Services.GetRequiredService<PolicySource>();
        var before = policy.Current.Revision;
        var model = await AddModelAsync(m => m.Aliases = ["sandbox-chat"]); // another model's own name
        Assert.Equal(before, policy.Current.Revision);
        Assert.Equal(HttpStatusCode.OK, (await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
        await ChangeModelAsync(model, async db => db.Models.Remove(await db.Models.SingleAsync(m => m.Id == model.Id)));
        Assert.True(policy.Current.Revision > before);
    }

    private Task ChangeModelAsync(CatalogModel model, Func<Gateway.Core.Storage.HubDbContext, Task> change) =>
        _hub.DecideHereAsync(ChangedEntities.Model, model.Id, null, change);

    private async Task<CatalogModel> AddModelAsync(Action<CatalogModel> describe, Action<ModelConfig>? configure = null)
    {
        var now = DateTime.UtcNow;
        var id = Guid.NewGuid().ToString();
        var model = new CatalogModel
        {
            Id = id,
            CompanyId = "",
            Name = "model " + id,
            Mode = "chat",
            CreatedAt = now,
            UpdatedAt = now,
        };
        describe(model);
        var config = new ModelConfig
        {
            Id = Guid.NewGuid().ToString(),
            ModelId = id,
            IsEnabled = true,
            PriceSource = PriceSources.Admin,
            CreatedAt = now,
            UpdatedAt = now,
        };
        configure?.Invoke(config);
        await _hub.DecideHereAsync(
            ChangedEntities.Model,
            id,
            null,
            async db =>
            {
                model.CompanyId = await db.Companies.Select(c => c.Id).FirstAsync();
                db.Models.Add(model);
                await db.SaveChangesAsync();
                db.ModelConfigs.Add(config);
            }
        );
        return model;
    }

    private static async Task AddRatesAsync(Gateway.Core.Storage.HubDbContext db, CatalogModel model, long input, long output)
    {
        await db.ModelRates.Where(r => r.ModelId == model.Id).ExecuteDeleteAsync();
        db.ModelRates.Add(
            new ModelRate
            {
                ModelId = model.Id,
                RateKey = "input",
                PicoUsd = input,
                Source = PriceSources.Admin,
            }
        );
        db.ModelRates.Add(
            new ModelRate
            {
                ModelId = model.Id,
                RateKey = "output",
                PicoUsd = output,
                Source = PriceSources.Admin,
            }
        );
    }
}
