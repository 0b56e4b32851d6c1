using BenchmarkDotNet.Attributes;
using Gateway.Answers;
using Gateway.Apis;
using Gateway.Benchmarks.Load.Servers;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;

namespace Gateway.Benchmarks.Stages;

/// <summary>What is done with an answer as it passes.</summary>
public class MeteringBenchmarks
{
    private const int RequestBytes = 900;

    private readonly AnswerOptions _options = new();
    private readonly SseEventReader _reader = new();
    private readonly StreamMeter _meter = new();
    private readonly byte[] _chunk = UpstreamAnswers.Stream[0];

    [Benchmark]
    public MeteredAnswer Meter_a_plain_answer()
    {
        using var meter = new PlainMeter();
        meter.Feed(UpstreamAnswers.Plain);
        return meter.Close(RequestBytes);
    }

    [Benchmark]
    public int Read_and_meter_one_chunk()
    {
        ReadOnlySpan<byte> rest = _chunk;
        var seen = 0;
        while (_reader.TryRead(ref rest, out var sseEvent))
        {
            _meter.Observe(sseEvent);
            seen++;
        }
        return seen;
    }

    [Benchmark]
    public MeteredAnswer Filter_and_meter_a_stream_of_200_chunks()
    {
        using var filter = new EventFilter(ApiTable.Chat.Answers, clientWantsUsage: true, _options);
        foreach (var chunk in UpstreamAnswers.Stream)
        {
            filter.Push(chunk);
            filter.MarkSent();
        }
        filter.Finish();
        return filter.Meter.Close(RequestBytes);
    }
}
