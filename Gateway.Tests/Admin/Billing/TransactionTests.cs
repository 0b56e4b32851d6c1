using System.Net;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Billing;

/// <summary>Balances and transactions; the security rule S17.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class TransactionTests(AdminHubs hubs)
{
    private static readonly string[] Members =
    [
        "id",
        "user_id",
        "type",
        "amount",
        "status",
        "description",
        "balance_after",
        "payment_provider",
        "payment_id",
        "request_id",
        "created_at",
        "completed_at",
    ];

    [Theory, BothDatabases]
    public async Task S17_a_hundred_parallel_deposits_of_one_end_at_exactly_a_hundred(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => MoveAsync(hub, person, new { type = "deposit", amount = 1 }))
        );

        Assert.All(answers, a => a.Is(201));
        Assert.Equal(100m, (await person.Client.ReadAsync("/balance")).Body.Number("balance"));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (decimal)i), answers.Select(a => a.Body.Number("data.balance_after")).Order());
    }

    [Theory, BothDatabases]
    public async Task Usage_never_takes_more_than_there_is_also_in_parallel(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        (await MoveAsync(hub, person, new { type = "deposit", amount = 5 })).Is(201);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => MoveAsync(hub, person, new { type = "usage", amount = 1 })));

        Assert.Equal(5, answers.Count(a => a.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.IsError(402, "insufficient_balance"));
        var balance = (await person.Client.ReadAsync("/balance")).Body;
        balance.HasExactly("user_id", "balance", "currency", "total_spent", "updated_at");
        Assert.Equal((0m, 5m, "USD"), (balance.Number("balance"), balance.Number("total_spent"), balance.Text("currency")));
    }

    [Theory, BothDatabases]
    public async Task A_deposit_of_a_user_counts_when_an_admin_completes_it_and_once(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var deposit = await person.Client.SendAsync("POST", "/transactions/deposit", new { amount = 12.34, description = "card" });

        deposit.Is(201);
        deposit.Body.HasExactly(Members);
        Assert.Equal(
            ("deposit", "pending", "manual", 12.34m),
            (deposit.Body.Text("type"), deposit.Body.Text("status"), deposit.Body.Text("payment_provider"), deposit.Body.Number("amount"))
        );
        Assert.Equal(
            (JsonValueKind.Null, 0m),
            (deposit.Body.At("balance_after").ValueKind, (await person.Client.ReadAsync("/balance")).Body.Number("balance"))
        );
        var path = $"/admin/transactions/{deposit.Body.Text("id")}";
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => hub.Admin.Client.SendAsync("PUT", path, new { status = "completed" }))
        );

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.IsError(409, "conflict"));
        Assert.Equal(12.34m, (await person.Client.ReadAsync("/balance")).Body.Number("balance"));
        Assert.Equal(
            (12.34m, "completed"),
            (
                answers.Single(a => a.Status == HttpStatusCode.OK).Body.Number("transaction.balance_after"),
                (await person.Client.ReadAsync($"/transactions/{deposit.Body.Text("id")}")).Body.Text("status")
            )
        );
        (await hub.Admin.Client.SendAsync("PUT", path, new { status = "pending" })).IsError(400, "validation_failed");
    }

    [Fact]
    public async Task At_most_ten_deposits_wait()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => person.Client.SendAsync("POST", "/transactions/deposit", new { amount = 1 }))
        );
        Assert.Equal(10, answers.Count(a => a.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.IsError(409, "conflict"));
    }

    [Theory, BothDatabases]
    public async Task Prepaid_calls_are_in_the_list_beside_what_people_moved(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        (
            await MoveAsync(
                hub,
                person,
                new
                {
                    type = "deposit",
                    amount = 20,
                    payment_provider = "bank",
                    payment_id = person.Id,
                }
            )
        ).Is(201);
        (
            await MoveAsync(
                hub,
                person,
                new
                {
                    type = "deposit",
                    amount = 20,
                    payment_provider = "bank",
                    payment_id = person.Id,
                }
            )
        ).IsError(409, "conflict");
        var call = new UsageRecord
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = person.Id,
            TierId = "t",
            ModelId = "m",
            ModelName = "gpt-4o",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            ServiceTier = "default",
            UsageSource = "reported",
            TotalCostNanoUsd = 225_000,
            IsPrepaid = true,
            AdmittedAt = DateTime.UtcNow.AddMinutes(1),
            EndedAt = DateTime.UtcNow.AddMinutes(1),
        };
        await hub.WriteAsync(call);

        var list = (await person.Client.ReadAsync("/transactions")).Body;

        list.HasExactly("transactions", "total_count", "limit", "offset", "has_more");
        list.At("transactions.0").HasExactly(Members);
        Assert.Equal(["usage", "deposit"], list.At("transactions").EnumerateArray().Select(t => t.Text("type")));
        Assert.Equal(
            (0.000225m, "gpt-4o", call.Id),
            (list.Number("transactions.0.amount"), list.Text("transactions.0.description"), list.Text("transactions.0.request_id"))
        );
        Assert.Equal(1, (await person.Client.ReadAsync("/transactions?type=deposit")).Body.Number("total_count"));
        Assert.Equal(0, (await person.Client.ReadAsync("/transactions?status=pending")).Body.Number("total_count"));
        Assert.Equal(2, (await hub.Admin.Client.ReadAsync($"/admin/transactions?user_id={person.Id}&limit=1")).Body.Number("total_count"));
        var other = await hub.NewPersonAsync();
        (await other.Client.ReadAsync($"/transactions/{call.Id}")).IsError(404, "not_found");
        (await hub.Admin.Client.ReadAsync($"/transactions/{call.Id}")).Is(200);
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("{\"type\":\"gift\",\"amount\":1}", 400)]
    [InlineData("{\"type\":\"deposit\",\"amount\":0}", 400)]
    [InlineData("{\"type\":\"deposit\",\"amount\":1000001}", 400)]
    [InlineData("{\"type\":\"deposit\",\"amount\":1,\"status\":\"failed\"}", 400)]
    public async Task A_wrong_transaction_is_refused(string body, int status)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync("POST", $"/admin/users/{hub.Admin.Id}/transactions", body)).IsError(status, "validation_failed");
        (await hub.Admin.Client.SendAsync("POST", "/admin/users/unknown/transactions", "{\"type\":\"deposit\",\"amount\":1}")).IsError(
            404,
            "user_not_found"
        );
        (await hub.Admin.Client.SendAsync("POST", "/transactions/deposit", "{\"amount\":0.001}")).IsError(400, "validation_failed");
    }

    private static Task<ApiAnswer> MoveAsync(AdminHub hub, Person person, object body) =>
        hub.Admin.Client.SendAsync("POST", $"/admin/users/{person.Id}/transactions", body);
}
