using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Ledger;

/// <summary>Section 2.9b, the ledger's export.</summary>
public sealed class LedgerExportTests
{
    [Theory, BothDatabases]
    public async Task Every_settled_call_is_a_line_also_across_pages_and_equal_times(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        var at = new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);
        await hub.WriteAsync([.. Enumerable.Range(0, 1_205).Select(i => Record(at.AddSeconds(i / 3), i == 0 ? "=cmd,\"x\"" : "gpt-4o"))]);

        using var ndjson = await hub.Admin.Client.GetAsync("/api/v1/admin/ledger/export?from=2026-01-05&to=2026-01-05");
        var lines = (await ndjson.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement)
            .ToList();

        Assert.Equal("application/x-ndjson", ndjson.Content.Headers.ContentType!.MediaType);
        Assert.Equal((1_205, 1_205), (lines.Count, lines.Select(l => l.Text("id")).Distinct().Count()));
        Assert.Equal(
            (0.000225m, 30m),
            (lines[0].Number("total_cost_usd"), lines[0].Number("input_tokens") + lines[0].Number("output_tokens"))
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/admin/ledger/export");
        request.Headers.Add("Accept", "text/csv");
        using var csv = await hub.Admin.Client.SendAsync(request);
        var rows = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((1_206, "id"), (rows.Length, rows[0].Split(',')[0]));
        Assert.Single(rows, r => r.Contains("\"'=cmd,\"\"x\"\"\"")); // quoted, and no formula
        (await hub.Admin.Client.ReadAsync("/admin/ledger/export?from=soon")).IsError(400, "validation_failed");
    }

    private static UsageRecord Record(DateTime at, string model) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = "u",
            TierId = "t",
            ModelId = "m",
            ModelName = model,
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = new() { Input = 10, Output = 20 },
            TotalCostNanoUsd = 225_000,
            AdmittedAt = at,
            EndedAt = at,
        };
}
