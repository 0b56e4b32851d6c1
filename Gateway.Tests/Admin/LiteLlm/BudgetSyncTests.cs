using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.LiteLlm;

/// <summary>Section 4.4.5-6: budgets of LiteLLM come in once, together, and a bad one alone stays out.</summary>
public sealed class BudgetSyncTests : IAsyncLifetime
{
    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync() => _upstream = await FakeLiteLlm.StartAsync();

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task A_changed_budget_is_updated_and_one_that_is_gone_is_kept_and_named(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        Offers(
            """{"budget_id":"a","max_budget":10,"budget_duration":"1d"}""",
            """{"budget_id":"b","max_budget":"20.5","budget_duration":null}"""
        );
        Assert.Equal((2, 0, 0, 0), Counts(await SyncAsync(hub)));
        Offers("""{"budget_id":"a","max_budget":15,"budget_duration":"1d"}""");
        var second = await SyncAsync(hub);
        Assert.Equal((0, 1, 0, 1), Counts(second));
        Assert.Equal("b", second.Text("data.missing.0"));
        var rows = await hub.ReadAsync(db => db.Budgets.Where(b => b.ExternalId != null).OrderBy(b => b.ExternalId).ToListAsync());
        Assert.Equal(
            [("a", 15_000_000_000, BudgetSources.LiteLlm), ("b", 20_500_000_000, BudgetSources.LiteLlm)],
            rows.Select(r => (r.ExternalId, r.MaxBudgetNanoUsd, r.Source))
        );
        Assert.All(rows, r => Assert.Null(r.UserId));
    }

    [Theory]
    [InlineData("""{"max_budget":10}""")]
    [InlineData("""{"budget_id":"x","max_budget":-1}""")]
    [InlineData("""{"budget_id":"x","max_budget":1e300}""")]
    [InlineData("""{"budget_id":"x","max_budget":10,"budget_duration":"soon"}""")]
    [InlineData("""{"budget_id":"\ud800","max_budget":10}""")]
    [InlineData("7")]
    public async Task A_bad_budget_does_not_stop_the_others(string bad)
    {
        await using var hub = await _upstream.StartHubAsync();
        Offers(bad, """{"budget_id":"good","max_budget":10}""");
        var result = await SyncAsync(hub);
        Assert.Equal((1, 0, 0, 0), Counts(result));
        Assert.Equal(1, result.At("data.errors").GetArrayLength());
    }

    [Fact]
    public async Task A_second_sync_joins_the_first_and_gets_its_result()
    {
        await using var hub = await _upstream.StartHubAsync();
        using var release = new ManualResetEventSlim();
        using var asked = new SemaphoreSlim(0);
        _upstream.Manage = (call, _) =>
        {
            asked.Release();
            release.Wait(TimeSpan.FromSeconds(30));
            return """[{"budget_id":"a","max_budget":10}]""";
        };
        var first = SyncAsync(hub);
        Assert.True(await asked.WaitAsync(TimeSpan.FromSeconds(30)));
        var second = SyncAsync(hub);
        Assert.False(await asked.WaitAsync(TimeSpan.FromMilliseconds(300))); // LiteLLM is not asked again
        release.Set();
        Assert.Equal(((1, 0, 0, 0), (1, 0, 0, 0)), (Counts(await first), Counts(await second)));
        Assert.Equal(1, await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.ExternalId == "a")));
    }

    private void Offers(params string[] rows) =>
        _upstream.Manage = (call, _) => call == "GET /budget/list" ? $"[{string.Join(',', rows)}]" : null;

    private static async Task<JsonElement> SyncAsync(AdminHub hub)
    {
        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/budgets/sync");
        answer.Is(200);
        return answer.Body;
    }

    private static (int Created, int Updated, int Unchanged, int Missing) Counts(JsonElement body) =>
        (
            (int)body.Number("data.created"),
            (int)body.Number("data.updated"),
            (int)body.Number("data.unchanged"),
            body.At("data.missing").GetArrayLength()
        );
}
