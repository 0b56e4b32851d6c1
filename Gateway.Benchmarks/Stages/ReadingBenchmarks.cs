using BenchmarkDotNet.Attributes;
using Gateway.Apis;
using Gateway.Benchmarks.Load.Client;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;

namespace Gateway.Benchmarks.Stages;

/// <summary>What is done with a body on its way in: a chat call of some 900 bytes.</summary>
public class ReadingBenchmarks
{
    private readonly byte[] _body = CallBytes.Body(stream: true);
    private readonly byte[] _target = new byte[4_096];
    private readonly RequestReader _reader = new(new BodyOptions());
    private RequestBody _edited = null!;

    [GlobalSetup]
    public void Setup()
    {
        _reader.TryRead(_body, ApiTable.Chat, out var members, out _);
        _edited = new RequestBody(_body, _body.Length, members);
        _edited.Edit(new BodyEdit(members.ModelRange.Offset, members.ModelRange.Length, "\"openai/gpt-4o-mini\""u8.ToArray()));
    }

    [Benchmark]
    public bool Read_the_members_of_a_body() => _reader.TryRead(_body, ApiTable.Chat, out _, out _);

    [Benchmark]
    public int Send_a_body_with_an_edit()
    {
        using var stream = new EditedBodyStream(_edited);
        return stream.Read(_target);
    }
}
