using System.Net;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Stored;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Crash;

/// <summary>A batch that runs while the gateway is killed is charged by the next start, once, and keeps its labels.</summary>
public sealed class BatchKillTests
{
    // gpt-4o-mini in a batch: half of 0.15 and 0.60 USD for a million tokens.
    private const long InputNanoUsd = 75;
    private const long OutputNanoUsd = 300;
    private const long AnswerTokens = 2 * 8;

    [Theory, BothDatabases]
    public async Task A_batch_survives_kill_9(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var settings = ProviderHubs.EnvironmentOf("openai", provider);
        settings["SANDBOX"] = "false"; // models stand at the provider alone
        settings["BACKGROUND_POLL_SECONDS"] = "3600";
        if (await TestDatabases.CreateAsync(database) is { } url)
        {
            settings["DATABASE_URL"] = url;
        }
        string callId;
        await using (var gateway = await GatewayProcess.StartAsync(folder, settings: settings))
        {
            await LabelKillTests.CapEndUsersAsync(gateway);
            var file = await gateway.Client.FileAsync(BatchCalls.Line("a"), BatchCalls.Line("b"));
            gateway.Client.DefaultRequestHeaders.Add("x-oneui-end-user", "ann");
            gateway.Client.DefaultRequestHeaders.Add("x-oneui-tags", "night, eu");
            using var made = await gateway.Client.BatchAsync(file);
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
            callId = made.RequestId();
        } // killed as soon as its client knows the id
        settings["BACKGROUND_POLL_SECONDS"] = "1";
        await using var hub = await HubHost.StartAsync(database, settings, folder: folder.CreateSubdirectory("data"));
        var correction = await hub.CorrectionAsync(callId);
        var held = await hub.RecordAsync(callId);
        Assert.Equal((UsageSources.Bound, held.HeldNanoUsd), (held.UsageSource, held.TotalCostNanoUsd));
        Assert.Equal(AnswerTokens, correction.Usage.Output);
        var used = (correction.Usage.Input * InputNanoUsd) + (AnswerTokens * OutputNanoUsd);
        Assert.Equal(used, held.TotalCostNanoUsd + correction.TotalCostNanoUsd);
        await using var db = await hub.Databases.CreateDbContextAsync();
        await Eventually.TrueAsync(async () => !await db.BatchCalls.AnyAsync(), "the batch is settled");
        Assert.Equal(1, await db.UsageRecords.CountAsync(r => r.CorrectsId == callId));
        Assert.All([held, correction], row => Assert.Equal(("ann", "eu,night"), (row.EndUser, string.Join(',', row.Tags.Order()))));
        Assert.Equal(used, (await db.BudgetSpend.SingleAsync(s => s.SubjectId == "ann")).SpentNanoUsd);
        var sums = await db.UsageByLabel.AsNoTracking().ToListAsync();
        Assert.Equal(["ann", "eu", "night"], sums.Select(s => s.Label).Order(StringComparer.Ordinal));
        Assert.All(sums, sum => Assert.Equal(used, sum.TotalCostNanoUsd));
        Assert.Equal(0, (await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).DifferenceCount);
        folder.Delete(recursive: true);
    }
}
