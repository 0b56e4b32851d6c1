using Gateway.Sandbox;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Apis.Pieces;

/// <summary>The fault matrix for every API that answers with things.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class PieceFaultTests(SharedHub shared)
{
    private const string Speech = "/v1/audio/speech";

    private static readonly (string Model, int Status, string Code, string Outcome)[] Faults =
    [
        ("sandbox-status-400", 400, "", "upstream_error"),
        ("sandbox-status-429", 429, "", "upstream_error"),
        ("sandbox-status-500", 500, "", "upstream_error"),
        ("sandbox-status-401", 502, "upstream_refused", "upstream_refused"),
        ("sandbox-drop-before-headers", 502, "upstream_unreachable", "upstream_unreachable"),
        ("sandbox-null-body", 502, "upstream_invalid_response", "upstream_invalid"),
        ("sandbox-wrong-content-type", 502, "upstream_invalid_response", "upstream_invalid"),
        ("sandbox-drop-mid-body", 502, "upstream_invalid_response", "upstream_truncated"),
        ("sandbox-malformed-json", 502, "upstream_invalid_response", "upstream_invalid"),
        ("sandbox-empty", 200, "", "upstream_empty"),
    ];

    // Sound is no JSON that could be malformed; what came of it has been sent.
    private static readonly string[] NotOfSpeech = ["sandbox-drop-mid-body", "sandbox-malformed-json", "sandbox-empty"];

    private readonly HubHost _hub = shared.Hub;

    public static TheoryData<string, string> Calls
    {
        get
        {
            var calls = new TheoryData<string, string>();
            foreach (var (api, fault) in PieceCalls.Apis.SelectMany(api => Faults.Select(fault => (api, fault))))
            {
                if (api.Path != Speech || !NotOfSpeech.Contains(fault.Model))
                {
                    calls.Add(api.Path, fault.Model);
                }
            }
            return calls;
        }
    }

    public static TheoryData<string> Paths => [.. PieceCalls.Apis.Select(api => api.Path)];

    public static TheoryData<string> Streaming => [.. PieceCalls.Streaming];

    [Theory, MemberData(nameof(Calls))]
    public async Task Fault_is_told_in_shape_and_free(string path, string model)
    {
        var fault = Faults.Single(f => f.Model == model);
        var answer = await (await _hub.Client.CallAsync(path, model)).ReadAsFarAsItComesAsync();
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal((fault.Status, fault.Outcome), ((int)answer.StatusCode, record.Outcome));
        Assert.Equal((0L, "none"), (record.TotalCostNanoUsd, record.UsageSource));
        if (fault.Status != 200)
        {
            var error = await answer.ErrorAsync();
            Assert.NotEmpty(error.Message);
            Assert.True(fault.Code.Length == 0 || error.Code == fault.Code, error.Code);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task Member_that_nobody_knows_is_refused_on_a_budget_and_passes_without(string path)
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 100_000_000_000);
        using var client = _hub.NewClient(key.Text);
        await (await client.CallAsync(path, "gpt-4o-mini", "turbo")).AssertRefusedAsync(
            400,
            "invalid_request_error",
            "unbounded_request",
            "turbo"
        );
        Assert.Equal(200, (int)(await _hub.Client.CallAsync(path, "gpt-4o-mini", "turbo")).StatusCode);
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task Client_that_leaves_is_recorded_and_pays_for_what_was_made(string path)
    {
        var key = await _hub.AddCallerAsync();
        using var client = _hub.NewClient(key.Text);
        using var leave = new CancellationTokenSource();
        var arrived = new SandboxLedgerFilter { Model = "sandbox-slow-first-byte-500" };
        var before = _hub.Sandbox!.Ledger.Calls(arrived).Count;
        var call = client.CallAsync(path, arrived.Model, leave: leave.Token);
        await Eventually.TrueAsync(() => Task.FromResult(_hub.Sandbox.Ledger.Calls(arrived).Count > before), "the call is upstream");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.TrueAsync(
            async () =>
            {
                await using var db = await _hub.Databases.CreateDbContextAsync();
                return await db.UsageRecords.AnyAsync(r => r.ApiKeyId == key.Id && r.Outcome == "client_left");
            },
            "the call is recorded as left"
        );
    }

    [Theory, MemberData(nameof(Streaming))]
    public async Task Stream_that_breaks_ends_with_an_error_event_and_is_cut(string path)
    {
        var answer = await StreamAsync(path, "sandbox-drop-mid-stream");
        Assert.True(answer.IsCut());
        Assert.Contains("\"error\":{", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("upstream_truncated", (await _hub.RecordAsync(answer.RequestId())).Outcome);
    }

    [Theory, MemberData(nameof(Streaming))]
    public async Task Error_within_a_stream_ends_it(string path)
    {
        var answer = await StreamAsync(path, "sandbox-error-event");
        Assert.True(answer.IsCut());
        Assert.Equal("upstream_error", (await _hub.RecordAsync(answer.RequestId())).Outcome);
    }

    [Theory, MemberData(nameof(Streaming))]
    public async Task Stream_is_charged_by_the_usage_of_its_last_event(string path)
    {
        var answer = await StreamAsync(path, "sandbox-chat");
        var record = await _hub.RecordAsync(answer.RequestId());
        var sent = _hub.Sandbox!.Ledger.Calls(new() { CallId = answer.RequestId() }).Single();
        Assert.False(answer.IsCut());
        Assert.Equal(("ok", "reported", true), (record.Outcome, record.UsageSource, record.IsStream));
        Assert.Equal((sent.Usage.PromptTokens, sent.Usage.CompletionTokens), (record.Usage.PromptTokens, record.Usage.CompletionTokens));
    }

    private async Task<HttpResponseMessage> StreamAsync(string path, string model)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = PieceCalls.Stream(path, model) };
        return await (await _hub.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).ReadAsFarAsItComesAsync();
    }
}
