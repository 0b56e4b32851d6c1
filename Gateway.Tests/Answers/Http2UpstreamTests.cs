using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Tests.Support;

namespace Gateway.Tests.Answers;

/// <summary>
/// The faults of an upstream that speaks HTTP/2, where a call is a stream of a shared connection: what the client sees and what is charged
/// are as on HTTP/1.1.
/// </summary>
public sealed class Http2UpstreamTests : IAsyncLifetime
{
    private readonly string _authority = Path.GetTempFileName();
    private FakeUpstream _upstream = null!;
    private HubHost _hub = null!;

    public async Task InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(_authority, certificate.ExportCertificatePem());
        _upstream = await FakeUpstream.StartAsync(
            certificate: X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null)
        );
        _hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["LITELLM_BASE_URL"] = $"https://127.0.0.1:{_upstream.Address.Port}",
                ["LITELLM_API_KEY"] = "sk-upstream",
                ["UPSTREAM_CA_FILE"] = _authority,
                ["UPSTREAM_FIRST_BYTE_SECONDS"] = "1",
                ["UPSTREAM_IDLE_SECONDS"] = "1",
            }
        );
        await Eventually.TrueAsync(
            async () =>
                (await (await _hub.Client.GetAsync("/v1/models")).Content.ReadAsStringAsync()).Contains(
                    "\"fake\"",
                    StringComparison.Ordinal
                ),
            "the models are known"
        );
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _upstream.DisposeAsync();
        File.Delete(_authority);
    }

    [Fact]
    public async Task Answers_come_over_http2_and_are_charged_exactly()
    {
        var protocol = "";
        _upstream.Answer = http =>
        {
            protocol = http.Request.Protocol;
            return FakeUpstream.JsonAsync(http, FakeUpstream.PlainAnswer);
        };
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal((HttpStatusCode.OK, "HTTP/2"), (answer.StatusCode, protocol));
        Assert.Equal(FakeUpstream.UsageCostNanoUsd, (await _hub.RecordAsync(answer)).TotalCostNanoUsd);
    }

    [Fact]
    public async Task A_stream_reset_before_its_headers_is_502_and_free()
    {
        _upstream.Answer = http => ResetAsync(http);
        foreach (var body in new[] { InferenceCalls.Chat("fake"), InferenceCalls.Stream("fake") })
        {
            var answer = await _hub.Client.ChatAsync(body);
            await answer.AssertRefusedAsync(502, "server_error", "upstream_unreachable");
            var record = await _hub.RecordAsync(answer);
            Assert.Equal((0L, "upstream_unreachable", false), (record.TotalCostNanoUsd, record.Outcome, record.IsCounted));
        }
    }

    [Fact]
    public async Task A_stream_reset_midway_ends_with_an_error_event_and_is_charged_as_far_as_it_came()
    {
        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello there, this is something."));
            await Task.Delay(100); // so that the chunk is not overtaken by the reset
            await ResetAsync(http);
        };
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream("fake"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("Hello there", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"upstream_truncated\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("upstream_truncated", "estimated"), (record.Outcome, record.UsageSource));
        Assert.True(record.TotalCostNanoUsd > 0);
    }

    [Fact]
    public async Task A_plain_answer_reset_midway_is_502_and_free()
    {
        _upstream.Answer = async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(FakeUpstream.PlainAnswer[..40]);
            await http.Response.Body.FlushAsync();
            await ResetAsync(http);
        };
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal(502, (await answer.ErrorAsync()).Status);
        Assert.Equal(0, (await _hub.RecordAsync(answer)).TotalCostNanoUsd);
    }

    [Fact]
    public async Task Silence_is_504_before_the_first_byte_and_an_error_event_behind_it()
    {
        _upstream.Answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        var silent = await _hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        await silent.AssertRefusedAsync(504, "server_error", "upstream_timeout");

        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello"));
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream("fake"));
        Assert.Contains("\"code\":\"upstream_timeout\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("upstream_timeout", (await _hub.RecordAsync(answer)).Outcome);
    }

    [Fact]
    public async Task A_client_that_leaves_resets_its_own_stream_alone()
    {
        var left = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello"));
            begun.SetResult();
            await using var end = http.RequestAborted.Register(left.SetResult);
            await left.Task;
        };
        using var gone = new CancellationTokenSource();
        using (var answer = await _hub.Client.OpenStreamAsync(InferenceCalls.Stream("fake"), gone.Token))
        {
            await begun.Task;
            _upstream.Answer = http => FakeUpstream.JsonAsync(http, FakeUpstream.PlainAnswer);
        }
        await left.Task.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(HttpStatusCode.OK, (await _hub.Client.ChatAsync(InferenceCalls.Chat("fake"))).StatusCode);
    }

    [Fact]
    public async Task An_upstream_of_an_unknown_authority_is_not_believed()
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["LITELLM_BASE_URL"] = $"https://127.0.0.1:{_upstream.Address.Port}",
                ["LITELLM_API_KEY"] = "sk-upstream",
            }
        );
        Assert.DoesNotContain(_upstream.Calls, c => c.Text.Length > 0);
        // Not even its models are known
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Client.ChatAsync(InferenceCalls.Chat("fake"))).StatusCode);
    }

    private static Task ResetAsync(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }
}
