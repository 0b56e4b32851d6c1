using System.Text;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Apis.Pieces;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Apis;

/// <summary>The fault matrix for each API: the client leaves, silence, truncation, garbage, an error first, an error later.</summary>
public sealed class ApiFaultTests(ApiFaultTests.Fixture fixture) : IClassFixture<ApiFaultTests.Fixture>
{
    private const string Messages = "/v1/messages";
    private const string Speech = "/v1/audio/speech";
    private const string Hi = """ "messages":[{"role":"user","content":"Hi"}]""";

    // Of the APIs that answer with text, what a body has beside its model.
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["/v1/chat/completions"] = Hi,
        ["/v1/completions"] = """ "prompt":"Hi" """,
        ["/v1/embeddings"] = """ "input":"Hi" """,
        [Messages] = $"\"max_tokens\":100,{Hi}",
        ["/v1/responses"] = """ "input":"Hi" """,
    };

    private static readonly (string Model, int Status, string Outcome)[] Faults =
    [
        ("sandbox-status-400", 400, "upstream_error"),
        ("sandbox-status-500", 500, "upstream_error"),
        ("sandbox-status-401", 502, "upstream_refused"),
        ("sandbox-drop-before-headers", 502, "upstream_unreachable"),
        ("sandbox-null-body", 502, "upstream_invalid"),
        ("sandbox-wrong-content-type", 502, "upstream_invalid"),
        ("sandbox-drop-mid-body", 502, "upstream_truncated"),
        ("sandbox-malformed-json", 502, "upstream_invalid"),
    ];

    public static TheoryData<string> All => [.. Texts.Keys, .. PieceCalls.Apis.Select(api => api.Path)];

    public static TheoryData<string> Streaming => [.. StreamingTexts, .. PieceCalls.Streaming];

    // Nobody says before that speech comes as events: it is made to its end.
    public static TheoryData<string> Cancelled => [.. StreamingTexts, .. PieceCalls.Streaming.Where(path => path != Speech)];

    public static TheoryData<string> TextStreams => [.. StreamingTexts];

    public static TheoryData<string, string> TextFaults
    {
        get
        {
            var calls = new TheoryData<string, string>();
            foreach (var (path, fault) in Texts.Keys.SelectMany(path => Faults.Select(fault => (path, fault))))
            {
                calls.Add(path, fault.Model);
            }
            return calls;
        }
    }

    private static IEnumerable<string> StreamingTexts => Texts.Keys.Where(path => path != "/v1/embeddings");

    [Theory, MemberData(nameof(TextFaults))]
    public async Task A_plain_answer_that_is_none_is_told_in_shape_and_free(string path, string model)
    {
        var fault = Faults.Single(f => f.Model == model);
        var (answer, text) = await CallAsync(fixture.Impatient, path, model, stream: false);
        Assert.Equal(fault.Status, (int)answer.StatusCode);
        AssertShape(path, text);
        await AssertFreeAsync(answer, fault.Outcome);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Silence_before_an_answer_is_504_and_free(string path)
    {
        var (answer, text) = await CallAsync(fixture.Impatient, path, "sandbox-hang", stream: false);
        Assert.Equal(504, (int)answer.StatusCode);
        AssertShape(path, text);
        await AssertFreeAsync(answer, "upstream_timeout");
    }

    [Theory, MemberData(nameof(Streaming))]
    public async Task Silence_within_a_stream_ends_it_with_an_error_and_is_charged_as_far_as_it_came(string path)
    {
        var (answer, text) = await CallAsync(fixture.Impatient, path, "sandbox-stall", stream: true);
        Assert.True(answer.IsCut());
        Assert.Contains("error", text, StringComparison.Ordinal);
        await AssertEstimatedAsync(answer, "upstream_timeout");
    }

    [Theory, MemberData(nameof(TextStreams))]
    public async Task A_stream_that_breaks_ends_with_an_error_and_is_charged_as_far_as_it_came(string path)
    {
        var (answer, text) = await CallAsync(fixture.Impatient, path, "sandbox-drop-mid-stream", stream: true);
        Assert.True(answer.IsCut());
        Assert.Contains("error", text, StringComparison.Ordinal);
        await AssertEstimatedAsync(answer, "upstream_truncated");
    }

    [Theory, MemberData(nameof(TextStreams))]
    public async Task An_error_within_a_stream_ends_it_and_what_came_before_is_charged(string path)
    {
        var (answer, text) = await CallAsync(fixture.Impatient, path, "sandbox-error-event", stream: true);
        Assert.True(answer.IsCut());
        Assert.DoesNotContain("litellm", text, StringComparison.OrdinalIgnoreCase);
        await AssertEstimatedAsync(answer, "upstream_error");
    }

    [Theory, MemberData(nameof(Streaming))]
    public async Task An_error_as_the_first_event_has_a_status_and_is_free(string path)
    {
        var (answer, text) = await CallAsync(fixture.Impatient, path, "sandbox-error-event-first", stream: true);
        Assert.Equal(500, (int)answer.StatusCode);
        AssertShape(path, text);
        await AssertFreeAsync(answer, "upstream_error");
    }

    [Theory, MemberData(nameof(Streaming))]
    public async Task Garbage_within_a_stream_passes_and_the_rest_is_charged_exactly(string path)
    {
        var (answer, _) = await CallAsync(fixture.Impatient, path, "sandbox-malformed-json", stream: true);
        var record = await fixture.Impatient.RecordAsync(answer.RequestId());
        var sent = fixture.Impatient.Sandbox!.Ledger.Find(answer.RequestId())!.Usage;
        Assert.False(answer.IsCut());
        Assert.Equal(("ok", "reported"), (record.Outcome, record.UsageSource));
        Assert.Equal((sent.PromptTokens, sent.CompletionTokens), (record.Usage.PromptTokens, record.Usage.CompletionTokens));
    }

    [Theory, MemberData(nameof(Cancelled))]
    public async Task A_stream_that_its_client_leaves_is_charged_as_far_as_it_came(string path)
    {
        var record = await fixture.Patient.RecordAsync(await LeaveMidwayAsync(path, "sandbox-stall"));
        Assert.Equal(("client_left", "estimated", true), (record.Outcome, record.UsageSource, record.IsStream));
    }

    [Fact]
    public async Task Speech_that_its_client_leaves_is_read_to_its_end_and_charged_exactly()
    {
        var record = await fixture.Patient.RecordAsync(await LeaveMidwayAsync(Speech, "sandbox-slow-chunks-50"));
        Assert.Equal(("client_left", "reported"), (record.Outcome, record.UsageSource));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_plain_call_that_its_client_leaves_is_read_to_its_end_and_charged(string path)
    {
        var clientId = Guid.NewGuid().ToString("N");
        using var client = fixture.Patient.NewClient(fixture.Patient.ApiKey);
        using var leave = new CancellationTokenSource();
        using var request = Request(path, "sandbox-slow-first-byte-500", stream: false);
        request.Headers.Add("x-request-id", clientId);
        var before = fixture.Patient.Sandbox!.Ledger.Calls().Count;
        var pending = client.SendAsync(request, leave.Token);
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Patient.Sandbox.Ledger.Calls().Count > before), "the call is upstream");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        var record = await Eventually.NotNullAsync(() => FindAsync(clientId));
        Assert.Equal(("client_left", "completed"), (record.Outcome, record.Status));
    }

    // Reads the first event, then closes the connection.
    private async Task<string> LeaveMidwayAsync(string path, string model)
    {
        using var client = fixture.Patient.NewClient(fixture.Patient.ApiKey);
        using var request = Request(path, model, stream: true);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (!(await reader.ReadLineAsync())!.StartsWith("data:", StringComparison.Ordinal)) { }
        return answer.RequestId();
    }

    private async Task<UsageRecord?> FindAsync(string clientId)
    {
        await using var db = await fixture.Patient.Databases.CreateDbContextAsync();
        return await db.UsageRecords.AsNoTracking().SingleOrDefaultAsync(r => r.ClientRequestId == clientId);
    }

    private async Task AssertFreeAsync(HttpResponseMessage answer, string outcome)
    {
        var record = await fixture.Impatient.RecordAsync(answer.RequestId());
        Assert.Equal((outcome, 0L, "none"), (record.Outcome, record.TotalCostNanoUsd, record.UsageSource));
    }

    private async Task AssertEstimatedAsync(HttpResponseMessage answer, string outcome)
    {
        var record = await fixture.Impatient.RecordAsync(answer.RequestId());
        Assert.Equal((outcome, "estimated", true), (record.Outcome, record.UsageSource, record.IsStream));
    }

    private static void AssertShape(string path, string text)
    {
        var start = path == Messages ? "{\"type\":\"error\",\"error\":{" : "{\"error\":{";
        Assert.StartsWith(start, text, StringComparison.Ordinal);
    }

    private static async Task<(HttpResponseMessage Answer, string Text)> CallAsync(HubHost hub, string path, string model, bool stream)
    {
        using var request = Request(path, model, stream);
        var answer = await hub.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer = await answer.ReadAsFarAsItComesAsync();
        return (answer, await answer.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Request(string path, string model, bool stream) =>
        new(HttpMethod.Post, path)
        {
            Content =
                Texts.TryGetValue(path, out var members) ? Json(model, members, stream)
                : stream ? PieceCalls.Stream(path, model)
                : PieceCalls.Apis.Single(api => api.Path == path).Body(model, null),
        };

    private static StringContent Json(string model, string members, bool stream) =>
        new($$"""{"model":"{{model}}",{{members}}{{(stream ? ",\"stream\":true" : "")}}}""", Encoding.UTF8, "application/json");

    public sealed class Fixture : IAsyncLifetime
    {
        /// <summary>Waits a second for its upstream.</summary>
        public HubHost Impatient { get; private set; } = null!;

        /// <summary>Waits as it does where nothing is set.</summary>
        public HubHost Patient { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Impatient = await HubHost.StartAsync(
                settings: new Dictionary<string, string> { ["UPSTREAM_FIRST_BYTE_SECONDS"] = "1", ["UPSTREAM_IDLE_SECONDS"] = "1" }
            );
            Patient = await HubHost.StartAsync();
        }

        public async Task DisposeAsync()
        {
            await Impatient.DisposeAsync();
            await Patient.DisposeAsync();
        }
    }
}
