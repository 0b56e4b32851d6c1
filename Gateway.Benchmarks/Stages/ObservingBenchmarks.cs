using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Gateway.Apis;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Metrics;

namespace Gateway.Benchmarks.Stages;

/// <summary>
/// What watching costs: all measurements of one plain call, with nobody listening and with metrics on, and one scrape of 10,000 series.
/// </summary>
public class ObservingBenchmarks
{
    private const int SeriesPerMetric = 4_990; // of two metrics; what is above 5,000 of one is gathered into a single series

    private readonly TokenUsage _usage = TokenUsage.OfText(182, 31);
    private readonly PolicyModel _model = new()
    {
        Id = "m1",
        Name = "gpt-4o-mini",
        UpstreamName = "gpt-4o-mini",
        Provider = "openai",
        Mode = "chat",
        IsEnabled = true,
        IsFree = false,
        CreatedAt = DateTime.UnixEpoch,
        Prices = PriceTable.FromUsdPerToken(0.00000015m, 0.0000006m),
    };

    private ServiceProvider _services = null!;
    private GatewayMetrics _metrics = null!;
    private RequestDelegate? _scrape;
    private Call _inference = null!;

    /// <summary>Whether OpenTelemetry listens.</summary>
    [Params(false, true)]
    public bool IsOn { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var services = new ServiceCollection()
            .AddSingleton(new TelemetryOptions())
            .AddSingleton(new ServerOptions())
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddMetrics();
        services.AddTelemetry(new HubOptions(), new ConfigurationBuilder().Build());
        _services = services.BuildServiceProvider();
        if (IsOn)
        {
            _services.GetRequiredService<MeterProvider>();
            _scrape = new ApplicationBuilder(_services).UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
        }
        _metrics = _services.GetRequiredService<GatewayMetrics>();
        _inference = new Call(
            "r1",
            ApiTable.Chat,
            new Caller(new CallingUser("u1", "t1", null, true, true, null), null),
            DateTime.UnixEpoch
        )
        {
            Model = _model,
            SentTimestamp = Stopwatch.GetTimestamp(),
            UpstreamEndTimestamp = Stopwatch.GetTimestamp(),
        };
        var record = new UsageRecord
        {
            Id = "r1",
            UserId = "u1",
            TierId = "t1",
            ModelId = "m1",
            ModelName = _model.Name,
            CallType = "acompletion",
            Status = "completed",
            Outcome = Outcomes.Ok,
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            TotalCostNanoUsd = 46_000,
            UpstreamCostNanoUsd = 46_000,
        };
        _inference.Result = new CallResult(
            record,
            new MeteredAnswer
            {
                Outcome = AnswerOutcome.Complete,
                UsageSource = UsageSource.Reported,
                Usage = _usage,
            },
            _usage
        );
        for (var model = 0; IsOn && model < SeriesPerMetric; model++)
        {
            _metrics.BoundExceeded($"model-{model}");
        }
        for (var model = 0; IsOn && model < SeriesPerMetric / 5; model++)
        {
            foreach (
                var outcome in (string[])
                    [Outcomes.Ok, Outcomes.ClientLeft, Outcomes.UpstreamError, Outcomes.UpstreamTimeout, CallSummary.Refused]
            )
            {
                var request = new Call("r", ApiTable.Chat, _inference.Caller, DateTime.UnixEpoch)
                {
                    Model = _model with { Name = $"model-{model}" },
                };
                _metrics.CallStarted();
                _metrics.CallEnded(new CallSummary(request, "chat_completions", "t1", outcome, 200, 0));
            }
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _services.Dispose();

    [Benchmark]
    public void Measure_a_plain_call()
    {
        _metrics.CallStarted();
        _metrics.Attempted("upstream-1", AttemptResults.Answered);
        _metrics.Settled(_inference, _inference.Result!.Record, _usage, "t1");
        _metrics.CallEnded(new CallSummary(_inference, "chat_completions", "t1", Outcomes.Ok, 200, _inference.SentTimestamp));
    }

    [Benchmark]
    public async Task Scrape_many_series()
    {
        if (_scrape is not null)
        {
            await _scrape(new DefaultHttpContext { RequestServices = _services });
        }
    }
}
