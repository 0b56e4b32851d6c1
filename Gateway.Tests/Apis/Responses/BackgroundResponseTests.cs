using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Apis.Responses;

/// <summary>Responses in the background: charged with the hold, then with what they used, once, also after a restart.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class BackgroundResponseTests(SharedHub shared)
{
    private const string Path = "/v1/responses";
    private const string Body = """{"model":"gpt-4o-mini","input":"Hi","max_output_tokens":100,"background":true}""";

    private readonly HubHost _hub = shared.Hub;

    [Fact]
    public async Task Hold_is_charged_until_its_end_and_then_what_it_used()
    {
        var (client, id, callId) = await BeginAsync(_hub);
        Assert.Equal("in_progress", await StatusAsync(client, id));
        var held = await _hub.RecordAsync(callId);
        Assert.Equal(("background", "bound", held.HeldNanoUsd), (held.Outcome, held.UsageSource, held.TotalCostNanoUsd));
        Assert.True(held.HeldNanoUsd > 8 * 600);
        Assert.Equal("completed", await StatusAsync(client, id));
        Assert.Equal("completed", await StatusAsync(client, id));
        var correction = await CorrectionAsync(_hub, callId);
        var used = (correction.Usage.Input * 150) + (8 * 600);
        Assert.Equal((used - held.TotalCostNanoUsd, 8L), (correction.TotalCostNanoUsd, correction.Usage.Output));
        await Eventually.TrueAsync(
            async () => (await client.LimitsAsync()).Budgets.Any(b => b.Used == used),
            "the budget has what was used and nothing more"
        );
    }

    [Fact]
    public async Task Stream_in_the_background_is_refused_with_the_remedy()
    {
        var answer = await _hub.Client.SendAsync(
            InferenceCalls.Post(Path, """{"model":"gpt-4o-mini","input":"Hi","background":true,"stream":true}""")
        );
        await answer.AssertRefusedAsync(400, "invalid_request_error", "unsupported_value", "background");
    }

    [Fact]
    public async Task One_that_fails_is_free()
    {
        var (client, id, callId) = await BeginAsync(_hub, Body.Replace("gpt-4o-mini", "sandbox-no-usage", StringComparison.Ordinal));
        await StatusAsync(client, id);
        Assert.Equal("failed", await StatusAsync(client, id));
        var correction = await CorrectionAsync(_hub, callId);
        Assert.Equal(-(await _hub.RecordAsync(callId)).TotalCostNanoUsd, correction.TotalCostNanoUsd);
    }

    [Fact]
    public async Task One_that_is_cancelled_without_a_figure_keeps_its_charge()
    {
        var (client, id, callId) = await BeginAsync(_hub);
        await client.PostAsync($"{Path}/{id}/cancel", null);
        await using var db = await _hub.Databases.CreateDbContextAsync();
        await Eventually.TrueAsync(async () => !await db.BackgroundCalls.AnyAsync(c => c.Id == callId), "the end is seen");
        Assert.False(await db.UsageRecords.AnyAsync(r => r.CorrectsId == callId));
    }

    [Fact]
    public async Task One_that_runs_is_not_deleted()
    {
        var (client, id, _) = await BeginAsync(_hub);
        await (await client.DeleteAsync($"{Path}/{id}")).AssertRefusedAsync(
            409,
            "invalid_request_error",
            "response_in_progress",
            "response_id"
        );
        Assert.Equal(200, (int)(await client.DeleteAsync($"{Path}/{id}")).StatusCode);
    }

    [Fact]
    public async Task Gateway_looks_by_itself_and_charges_once()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["BACKGROUND_POLL_SECONDS"] = "1" });
        var (_, _, callId) = await BeginAsync(hub);
        var correction = await CorrectionAsync(hub, callId);
        Assert.Equal(8, correction.Usage.Output);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Prices_of_its_admission_hold_whatever_becomes_of_its_model(bool becomesFree)
    {
        await using var hub = await HubHost.StartAsync();
        var (client, id, callId) = await BeginAsync(hub);
        await (becomesFree ? MakeFreeAsync(hub, true) : MakeDearerAsync(hub));
        await StatusAsync(client, id);
        Assert.Equal("completed", await StatusAsync(client, id));
        var correction = await CorrectionAsync(hub, callId);
        var used = (correction.Usage.Input * 150) + (8 * 600);
        Assert.Equal(used, (await hub.RecordAsync(callId)).TotalCostNanoUsd + correction.TotalCostNanoUsd);
    }

    [Fact]
    public async Task One_of_a_free_model_is_free_though_the_model_costs_something_before_its_end()
    {
        await using var hub = await HubHost.StartAsync();
        await MakeFreeAsync(hub, true);
        var (client, id, callId) = await BeginAsync(hub);
        await MakeFreeAsync(hub, false);
        await StatusAsync(client, id);
        Assert.Equal("completed", await StatusAsync(client, id));
        var (held, correction) = (await hub.RecordAsync(callId), await CorrectionAsync(hub, callId));
        Assert.Equal((0L, 0L, 8L), (held.TotalCostNanoUsd, correction.TotalCostNanoUsd, correction.Usage.Output));
    }

    private static Task MakeFreeAsync(HubHost hub, bool isFree) =>
        ChangeModelAsync(
            hub,
            (db, model) => db.ModelConfigs.Where(c => c.ModelId == model).ExecuteUpdateAsync(set => set.SetProperty(c => c.IsFree, isFree))
        );

    private static Task MakeDearerAsync(HubHost hub) =>
        ChangeModelAsync(
            hub,
            (db, model) =>
                db.ModelRates.Where(r => r.ModelId == model).ExecuteUpdateAsync(set => set.SetProperty(r => r.PicoUsd, r => r.PicoUsd * 10))
        );

    private static Task ChangeModelAsync(HubHost hub, Func<HubDbContext, string, Task> change)
    {
        var model = hub.ModelId("gpt-4o-mini");
        return hub.DecideHereAsync(ChangedEntities.Model, model, null, db => change(db, model));
    }

    private static async Task<(HttpClient Client, string Id, string CallId)> BeginAsync(HubHost hub, string body = Body)
    {
        var key = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(key, 100_000_000_000);
        var client = hub.NewClient(key.Text);
        var answer = await client.SendAsync(InferenceCalls.Post(Path, body));
        var response = await answer.JsonAsync();
        Assert.Equal("queued", response.GetProperty("status").GetString());
        return (client, response.GetProperty("id").GetString()!, answer.RequestId());
    }

    private static async Task<string?> StatusAsync(HttpClient client, string id) =>
        (await (await client.GetAsync($"{Path}/{id}")).JsonAsync()).GetProperty("status").GetString();

    private static Task<Core.Storage.Entities.UsageRecord> CorrectionAsync(HubHost hub, string callId) =>
        Eventually.NotNullAsync(async () =>
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            return await db.UsageRecords.AsNoTracking().SingleOrDefaultAsync(r => r.CorrectsId == callId);
        });
}
