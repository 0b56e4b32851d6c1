using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Sdk;

/// <summary>
/// The Node SDKs of <c>node/package.json</c> against the running product. What is asserted stands in <c>node/*.test.mjs</c>.
/// </summary>
public sealed class NodeSdkTests(NodeRun run) : IClassFixture<NodeRun>
{
    public static TheoryData<string, string> Names
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (file, name) in NodeTestNames.All)
            {
                rows.Add(file, name);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Node(string file, string name)
    {
        var ran = run.Tests.Where(test => test.File == file && test.Name == name).ToList();
        Assert.True(ran.Count == 1, $"It ran {ran.Count} times. {run.Transcript}");
        Assert.False(ran[0].Skipped, "It was skipped.");
        Assert.True(ran[0].Passed, $"{ran[0].Error}\n\n{run.Transcript}");
    }

    [Fact]
    public void No_test_ran_that_is_not_listed() =>
        Assert.Empty(run.Tests.Select(test => (test.File, test.Name)).Except(NodeTestNames.All));

    [Fact]
    public async Task A_stream_that_node_aborts_is_recorded_as_left()
    {
        await Eventually.TrueAsync(
            async () =>
            {
                await using var db = await run.Sdk.Hub.Databases.CreateDbContextAsync();
                return await db.UsageRecords.CountAsync(record => record.ModelName == "sandbox-endless") == 2; // one of each SDK
            },
            "both aborted streams are recorded"
        );
        await using var ledger = await run.Sdk.Hub.Databases.CreateDbContextAsync();
        var records = await ledger.UsageRecords.AsNoTracking().Where(record => record.ModelName == "sandbox-endless").ToListAsync();
        Assert.All(records, record => Assert.Equal(("client_left", "estimated"), (record.Outcome, record.UsageSource)));
    }
}
