using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Usage;

/// <summary>How a call is priced, line by line, and what a month cost.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class CallCostTests(AdminHubs hubs)
{
    private static readonly DateTime November = new(2020, 11, 30, 23, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task The_lines_of_a_call_add_up_to_what_was_charged()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var key = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("api_key");
        using var client = hub.Host.NewClient(key);
        using var called = await client.PostAsJsonAsync(
            "/v1/chat/completions",
            new { model = "gpt-4o-mini", messages = new[] { new { role = "user", content = "Hello" } } }
        );
        var id = called.Headers.GetValues("x-oneui-request-id").Single();
        await Eventually.TrueAsync(
            async () => (await person.Client.ReadAsync($"/requests/{id}")).Status == System.Net.HttpStatusCode.OK,
            "the call is in the ledger"
        );

        var cost = (await person.Client.ReadAsync($"/requests/{id}/cost")).Body.At("data");

        Assert.True(cost.At("is_exact").GetBoolean(), cost.GetRawText());
        Assert.Equal(cost.Number("total_cost"), cost.Number("lines_cost"));
        var lines = cost.At("lines").EnumerateArray().ToList();
        Assert.Equal(["input", "output"], lines.Select(l => l.Text("name")));
        Assert.All(lines, l => Assert.Equal(l.Number("cost"), l.Number("count") * l.Number("price")));
        var other = await hub.NewPersonAsync();
        (await other.Client.ReadAsync($"/requests/{id}/cost")).IsError(404, "not_found");
    }

    [Fact]
    public async Task Lines_that_are_not_what_was_charged_are_said_not_to_be()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var model = await hub.ReadAsync(db => db.Models.AsNoTracking().FirstAsync(m => m.Name == "gpt-4o"));
        var (charged, unknown) = (Record(person.Id, model.Id, November), Record(person.Id, "gone", November));
        await hub.WriteAsync(charged, unknown);

        var changed = (await person.Client.ReadAsync($"/requests/{charged.Id}/cost")).Body.At("data");
        Assert.False(changed.At("is_exact").GetBoolean());
        Assert.Equal(123m, changed.Number("total_cost"));

        var gone = (await person.Client.ReadAsync($"/requests/{unknown.Id}/cost")).Body.At("data");
        Assert.False(gone.At("is_exact").GetBoolean() || gone.At("is_model_known").GetBoolean());
        Assert.All(gone.At("lines").EnumerateArray(), l => Assert.Equal(System.Text.Json.JsonValueKind.Null, l.At("price").ValueKind));
    }

    [Theory, BothDatabases]
    public async Task A_bill_has_the_calls_of_its_month_alone(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var other = await hub.NewPersonAsync();
        var model = await hub.ReadAsync(db => db.Models.AsNoTracking().FirstAsync(m => m.Name == "gpt-4o"));
        await hub.WriteAsync(
            Record(person.Id, model.Id, November),
            Record(person.Id, model.Id, November.AddHours(-24)),
            Record(person.Id, model.Id, November.AddHours(1)),
            Record(other.Id, model.Id, November)
        );

        var bill = (await person.Client.ReadAsync("/users/me/bill?month=2020-11")).Body.At("data");

        Assert.Equal(("2020-11", 2m, 246m), (bill.Text("month"), bill.Number("requests"), bill.Number("total_cost")));
        Assert.Equal(
            [("2020-11-29", "gpt-4o", 123m), ("2020-11-30", "gpt-4o", 123m)],
            bill.At("lines").EnumerateArray().Select(l => (l.Text("day"), l.Text("model"), l.Number("total_cost")))
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/users/{person.Id}/bill?month=2020-12");
        request.Headers.Accept.ParseAdd("text/csv");
        using var csv = await hub.Admin.Client.SendAsync(request);
        Assert.Equal("bill-2020-12.csv", csv.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        Assert.Equal(
            ["day,model,requests,input_tokens,output_tokens,total_cost", "2020-12-01,gpt-4o,1,10,20,123"],
            (await csv.Content.ReadAsStringAsync()).Trim().Split("\r\n")
        );
    }

    [Theory]
    [InlineData("2020-13")]
    [InlineData("2020")]
    [InlineData("9999-01")]
    [InlineData("soon")]
    public async Task A_month_that_is_none_is_refused(string month)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.ReadAsync($"/users/me/bill?month={month}")).IsError(400, "validation_failed");
    }

    private static UsageRecord Record(string userId, string modelId, DateTime at) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            TierId = "t",
            ModelId = modelId,
            ModelName = "gpt-4o",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = new()
            {
                Input = 8,
                CacheRead = 2,
                Output = 20,
            },
            OutputCostNanoUsd = 100_000_000_000,
            TotalCostNanoUsd = 123_000_000_000,
            AdmittedAt = at,
            EndedAt = at,
        };
}
