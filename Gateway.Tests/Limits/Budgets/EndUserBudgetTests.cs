using System.Net;
using System.Text.Json;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>Budgets of end users: one for each, or one for a name; held and refused like any.</summary>
public sealed class EndUserBudgetTests
{
    private const int AtOnce = 50;
    private const string Body = """{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""";

    [Theory, BothDatabases]
    public async Task No_end_user_overspends_with_fifty_calls_at_once_and_none_pays_for_another(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        var caller = await hub.AddCallerAsync();
        var cap = (await HoldOfOneAsync(hub, caller) * 5) + 1;
        var budget = await hub.AddKeyBudgetAsync(caller, cap, row => row.EndUser = "*");
        using var client = hub.NewClient(caller.Text);

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce * 2).Select(i => AskAsync(client, i % 2 == 0 ? "ann" : "bob")));

        foreach (var name in new[] { "ann", "bob" })
        {
            var own = answers.Where(a => a.EndUser == name).ToList();
            Assert.Contains(own, a => a.Status == HttpStatusCode.OK);
            Assert.Contains(own, a => a.Status == HttpStatusCode.TooManyRequests);
            Assert.All(own.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Equal("end_user", a.Scope));
            var spent = await SpentAsync(hub, name, own.Count(a => a.Status == HttpStatusCode.OK));
            Assert.InRange(spent, 1, cap);
            await using var db = await hub.Databases.CreateDbContextAsync();
            Assert.Equal(spent, (await db.BudgetSpend.SingleAsync(s => s.BudgetId == budget.Id && s.SubjectId == name)).SpentNanoUsd);
        }
        Assert.Equal(0, (await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).DifferenceCount);
    }

    [Fact]
    public async Task Refusal_names_the_end_users_budget_and_passes_others_and_calls_for_nobody()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 1, row => row.EndUser = "ann");
        using var client = hub.NewClient(caller.Text);

        var refused = await AskAsync(client, "ann");
        Assert.Equal((HttpStatusCode.TooManyRequests, "end_user"), (refused.Status, refused.Scope));
        Assert.Contains("budget of this end user", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, "bob")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, null)).Status);
    }

    [Fact]
    public async Task Who_is_named_has_that_budget_in_place_of_the_one_for_each()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 1, row => row.EndUser = "*");
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000, row => row.EndUser = "ann");
        using var client = hub.NewClient(caller.Text);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, "ann")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(client, "bob")).Status);
    }

    [Fact]
    public async Task Budget_of_a_user_or_a_team_holds_over_all_their_keys()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        await hub.AddBudgetAsync(
            caller,
            1,
            row =>
            {
                row.UserId = caller.UserId;
                row.EndUser = "*";
            }
        );
        using var client = hub.NewClient(caller.Text);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(client, "ann")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, null)).Status);
    }

    // What is held for one call, told by the default budget.
    private static async Task<long> HoldOfOneAsync(HubHost hub, TestKey caller)
    {
        await hub.AddBudgetAsync(caller, 100_000_000_000, row => row.UserId = caller.UserId);
        using var client = hub.NewClient(caller.Text);
        using var answer = await client.SendAsync(InferenceCalls.Post(InferenceCalls.ChatPath, Body));
        return (await hub.RecordAsync(answer)).HeldNanoUsd;
    }

    private static Task<long> SpentAsync(HubHost hub, string endUser, int calls)
    {
        var spent = 0L;
        return Eventually
            .TrueAsync(
                async () =>
                {
                    await using var db = await hub.Databases.CreateDbContextAsync();
                    var costs = await db.UsageRecords.Where(r => r.EndUser == endUser).Select(r => r.TotalCostNanoUsd).ToListAsync();
                    spent = costs.Sum();
                    return costs.Count == calls;
                },
                $"{calls} calls for {endUser} are in the ledger"
            )
            .ContinueWith(
                done =>
                {
                    done.GetAwaiter().GetResult();
                    return spent;
                },
                TaskScheduler.Default
            );
    }

    private static async Task<Answer> AskAsync(HttpClient client, string? endUser)
    {
        using var call = InferenceCalls.Post(InferenceCalls.ChatPath, Body);
        if (endUser is not null)
        {
            call.Headers.Add("x-oneui-end-user", endUser);
        }
        using var answer = await client.SendAsync(call);
        var text = await answer.Content.ReadAsStringAsync();
        var scope = answer.IsSuccessStatusCode
            ? null
            : JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("gateway").GetProperty("scope").GetString();
        return new Answer(endUser, answer.StatusCode, scope, text);
    }

    private sealed record Answer(string? EndUser, HttpStatusCode Status, string? Scope, string Text);
}
