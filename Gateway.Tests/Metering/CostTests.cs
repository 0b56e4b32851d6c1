using System.Globalization;
using System.Text.Json;
using Gateway.Tests.Replay;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Metering;

/// <summary>
/// Every row of the recorded table of costs through the product: the recorded usage of each token class, service tier and context band is
/// charged at the configured prices, to the nano-dollar, plain and streamed.
/// </summary>
public sealed class CostTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    private static readonly JsonDocument Table = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Recordings", "litellm", "costs.json"))
    );

    // Where usage times price is not the table's figure, and why.
    private static readonly Dictionary<string, (decimal Usd, string Reason)> Differ = new()
    {
        ["cost-provider-cost"] = (0.00015m, "the table shows the provider's own figure; charged is our price"),
        ["cost-provider-cost-stream"] = (0.00015m, "the same"),
        ["cost-provider-cost-unpriced"] = (0, "the model has no price of ours"),
        ["cost-provider-cost-unpriced-stream"] = (0, "the same"),
        ["cost-claude-thinking"] = (0.001394m, "LiteLLM reports 4 tokens of the 120 as reasoning, which has its own price"),
        ["cost-claude-thinking-stream"] = (0.001394m, "the same"),
    };

    public static TheoryData<string> Rows => [.. ChatRows.Select(row => row.GetProperty("name").GetString()!)];

    private static IEnumerable<JsonElement> ChatRows =>
        Table.RootElement.EnumerateArray().Where(row => row.GetProperty("path").GetString() == "/v1/chat/completions");

    [Theory, MemberData(nameof(Rows))]
    public async Task Recorded_usage_costs_what_the_table_says(string name)
    {
        var row = ChatRows.Single(r => r.GetProperty("name").GetString() == name);
        var expected = Differ.TryGetValue(name, out var other) ? other.Usd : row.GetProperty("expected").GetDecimal();
        var client = await replay.CallAsync(AnswerOf(row), CallOf(row));
        var record = await replay.RecordAsync(client);
        Assert.Equal(expected, record.TotalCostNanoUsd / 1_000_000_000m);
        Assert.Equal(("ok", "reported"), (record.Outcome, record.UsageSource));
        Assert.Equal(row.GetProperty("stream").GetBoolean() ? null : expected, Header(client));
    }

    [Fact]
    public async Task What_is_charged_stands_once_in_account_and_key()
    {
        var before = await SumsAsync();
        foreach (var row in ChatRows.Take(8))
        {
            await replay.RecordAsync(await replay.CallAsync(AnswerOf(row), CallOf(row)));
        }
        var after = await SumsAsync();
        var charged = ChatRows.Take(8).Sum(row => row.GetProperty("expected").GetDecimal());
        Assert.Equal((charged, charged, 8), (after.Spent - before.Spent, after.KeyCost - before.KeyCost, after.Calls - before.Calls));
    }

    private static decimal? Header(ClientAnswer client) =>
        client.Headers.TryGetValue("x-oneui-cost-usd", out var cost) ? decimal.Parse(cost, CultureInfo.InvariantCulture) : null;

    private static string ModelOf(JsonElement row)
    {
        var name = row.GetProperty("name").GetString()!["cost-".Length..].Replace("-stream", "", StringComparison.Ordinal);
        return name.StartsWith("service-", StringComparison.Ordinal) ? "service-tiers" : name;
    }

    private static string CallOf(JsonElement row) =>
        (row.GetProperty("stream").GetBoolean() ? Answers.StreamCallWithUsage : Answers.PlainCall).Replace(
            "\"chat\"",
            $"\"{ModelOf(row)}\"",
            StringComparison.Ordinal
        );

    private static ReplayAnswer AnswerOf(JsonElement row)
    {
        var name = row.GetProperty("name").GetString()!;
        var tier = name.StartsWith("cost-service-", StringComparison.Ordinal) ? $",\"service_tier\":\"{name.Split('-')[2]}\"" : "";
        var usage = row.GetProperty("usage");
        return row.GetProperty("stream").GetBoolean()
            ? Answers.Stream(
                Answers.Chunk("Hello"),
                Answers.FinishChunk,
                Answers.UsageChunk(usage: usage.GetProperty("chunk").GetRawText() + tier),
                Answers.Done
            )
            : ReplayAnswer.Plain(Answers.PlainBody(usage.GetProperty("body").GetRawText(), more: tier));
    }

    // The sums are written in the transaction of the rows: who sees a row sees its sum.
    private async Task<(decimal Spent, decimal KeyCost, long Calls)> SumsAsync()
    {
        await using var db = await replay.Hub.Databases.CreateDbContextAsync();
        var spent = await db.UserAccounts.SumAsync(account => account.TotalSpentNanoUsd);
        var keys = await db.ApiKeyUsage.Select(key => new { key.TotalCostNanoUsd, key.RequestCount }).ToListAsync();
        return (spent / 1_000_000_000m, keys.Sum(key => key.TotalCostNanoUsd) / 1_000_000_000m, keys.Sum(key => key.RequestCount));
    }
}
