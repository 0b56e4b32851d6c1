using Gateway.Core.Storage.Entities;
using Gateway.Sandbox;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Answers;

/// <summary>The client goes away: what happens upstream, and what is charged.</summary>
public sealed class ClientLeavesTests(ClientLeavesTests.Fixture fixture) : IClassFixture<ClientLeavesTests.Fixture>
{
    [Theory, InlineData("sandbox-endless"), InlineData("sandbox-trickle"), InlineData("sandbox-stall")]
    public async Task A_stream_left_midway_is_cancelled_upstream_and_estimated(string model)
    {
        var requestId = await LeaveMidwayAsync(fixture.Auto, InferenceCalls.Stream(model));
        var call = await UpstreamEndAsync(fixture.Auto, requestId);
        Assert.Equal(SandboxOutcome.ClientLeft, call.Outcome);
        var record = await fixture.Auto.RecordAsync(requestId);
        Assert.Equal(("client_left", "estimated", "completed", true), (record.Outcome, record.UsageSource, record.Status, record.IsStream));
        Assert.True(record.Usage.Output > 0);
        Assert.True(record.EndedAt - record.AdmittedAt < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_stream_left_before_its_first_byte_is_cancelled_and_its_prompt_charged()
    {
        var record = await LeaveBeforeAnswerAsync(fixture.Auto, InferenceCalls.Stream("sandbox-hang"));
        Assert.Equal(("client_left", "estimated", 499, 0L), (record.Outcome, record.UsageSource, record.HttpStatus, record.Usage.Output));
        Assert.True(record.Usage.Input > 0);
        Assert.Equal(SandboxOutcome.ClientLeft, (await UpstreamEndAsync(fixture.Auto, record.Id)).Outcome);
    }

    [Fact]
    public async Task A_plain_call_is_read_to_its_end_and_charged_exactly()
    {
        var record = await LeaveBeforeAnswerAsync(fixture.Auto, InferenceCalls.Chat("sandbox-slow-first-byte-500"));
        var truth = fixture.Auto.Sandbox!.Ledger.Find(record.Id)!.Usage;
        Assert.Equal(
            ("client_left", "reported", (long)truth.PromptTokens, (long)truth.CompletionTokens),
            (record.Outcome, record.UsageSource, record.Usage.Input, record.Usage.Output)
        );
        Assert.True(record.TotalCostNanoUsd > 0);
    }

    [Fact]
    public async Task Under_cancel_a_plain_call_is_given_up_too()
    {
        var record = await LeaveBeforeAnswerAsync(fixture.Cancel, InferenceCalls.Chat("sandbox-hang"));
        Assert.Equal(("client_left", "estimated"), (record.Outcome, record.UsageSource));
        Assert.Equal(SandboxOutcome.ClientLeft, (await UpstreamEndAsync(fixture.Cancel, record.Id)).Outcome);
    }

    [Fact]
    public async Task Under_drain_a_stream_is_read_to_its_end_and_charged_exactly()
    {
        var requestId = await LeaveMidwayAsync(fixture.Drain, InferenceCalls.Stream("sandbox-slow-chunks-50"));
        var record = await fixture.Drain.RecordAsync(requestId);
        Assert.Equal(("client_left", "reported", 8L), (record.Outcome, record.UsageSource, record.Usage.Output));
        Assert.Equal(SandboxOutcome.Complete, (await UpstreamEndAsync(fixture.Drain, requestId)).Outcome);
    }

    [Fact]
    public async Task A_drained_call_ends_after_the_time_of_the_option()
    {
        var record = await LeaveBeforeAnswerAsync(fixture.Drain, InferenceCalls.Chat("sandbox-hang"));
        Assert.Equal(("client_left", "estimated"), (record.Outcome, record.UsageSource));
        Assert.InRange(record.EndedAt - record.AdmittedAt, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_drained_stream_ends_after_the_bytes_of_the_option()
    {
        var requestId = await LeaveMidwayAsync(fixture.Drain, InferenceCalls.Stream("sandbox-endless"));
        Assert.Equal(SandboxOutcome.ClientLeft, (await UpstreamEndAsync(fixture.Drain, requestId)).Outcome);
        Assert.Equal(
            ("client_left", "estimated"),
            ((await fixture.Drain.RecordAsync(requestId)).Outcome, (await fixture.Drain.RecordAsync(requestId)).UsageSource)
        );
    }

    [Fact]
    public async Task A_client_that_reads_to_the_end_has_not_left()
    {
        var answer = await fixture.Auto.Client.ChatAsync(InferenceCalls.Stream("sandbox-chunks-200"));
        Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("ok", (await fixture.Auto.RecordAsync(answer)).Outcome);
    }

    // Reads the first event, then closes the connection.
    private static async Task<string> LeaveMidwayAsync(HubHost hub, string body)
    {
        using var client = hub.NewClient(hub.ApiKey);
        using var answer = await client.OpenStreamAsync(body);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var events = 0; events < 3; events += (await reader.ReadLineAsync())!.StartsWith("data:", StringComparison.Ordinal) ? 1 : 0)
        { }
        return answer.RequestId();
    }

    // The request id is on no answer here: the record is found by the client's own id.
    private static async Task<UsageRecord> LeaveBeforeAnswerAsync(HubHost hub, string body)
    {
        var clientId = Guid.NewGuid().ToString("N");
        var before = hub.Sandbox!.Ledger.Calls().Count;
        using var client = hub.NewClient(hub.ApiKey);
        using var leave = new CancellationTokenSource();
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, body);
        request.Headers.Add("x-request-id", clientId);
        var pending = client.SendAsync(request, leave.Token);
        await Eventually.TrueAsync(() => Task.FromResult(hub.Sandbox!.Ledger.Calls().Count > before), "the call is upstream");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        return await Eventually.NotNullAsync(async () =>
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            return await db.UsageRecords.AsNoTracking().SingleOrDefaultAsync(r => r.ClientRequestId == clientId);
        });
    }

    private static Task<SandboxCall> UpstreamEndAsync(HubHost hub, string requestId) =>
        Eventually.NotNullAsync(() => Task.FromResult(hub.Sandbox!.Ledger.Find(requestId) is { EndedAt: not null } call ? call : null));

    public sealed class Fixture : IAsyncLifetime
    {
        public HubHost Auto { get; private set; } = null!;

        public HubHost Cancel { get; private set; } = null!;

        public HubHost Drain { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Auto = await HubHost.StartAsync();
            Cancel = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["ON_DISCONNECT"] = "cancel" });
            Drain = await HubHost.StartAsync(
                settings: new Dictionary<string, string>
                {
                    ["ON_DISCONNECT"] = "drain",
                    ["DRAIN_SECONDS"] = "1",
                    ["DRAIN_BYTES"] = "20000",
                }
            );
        }

        public async Task DisposeAsync()
        {
            await Auto.DisposeAsync();
            await Cancel.DisposeAsync();
            await Drain.DisposeAsync();
        }
    }
}
