using System.Text;
using Gateway.Answers;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Upstreams;
using Gateway.Core.Usage;
using Gateway.Telemetry;
using Gateway.Upstream;
using Yarp.ReverseProxy.Model;

namespace Gateway.Tests.Architecture;

/// <summary>
/// What stages of the hot path allocate for a call. Times depend on the machine, bytes do not: what allocates more than here is a decision,
/// with a figure in docs/performance.md.
/// </summary>
public sealed class StageAllocationTests
{
    private const int Rounds = 200;

    private static readonly HubOptions Options = new();

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """
        {"model":"gpt-4o-mini","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"What is a proxy?"}],
        "temperature":0.7,"max_tokens":256,"stream":true,"user":"u"}
        """
    );

    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        "data: "
            + """{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"word"},"finish_reason":null}]}"""
            + "\n\n"
    );

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        """
        {"id":"c","object":"chat.completion","model":"gpt-4o-mini",
        "choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],
        "usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}
        """
    );

    [Fact]
    public void Reading_the_members_of_a_body()
    {
        var reader = new RequestReader(Options.Body);
        Assert.InRange(BytesOf(() => reader.TryRead(Body, ApiTable.Chat, out _, out _)), 0, 120); // the model's name and the end user's
    }

    [Fact]
    public void Finding_the_destination_of_a_call_where_there_is_one()
    {
        var upstream = new PolicyUpstream("litellm", UpstreamKind.LiteLlm, [new Uri("http://host")], "key");
        var model = new PolicyModel
        {
            Id = "m",
            Name = "m",
            UpstreamName = "m",
            Mode = "chat",
            IsEnabled = true,
            IsFree = false,
            Prices = Gateway.Core.Pricing.PriceTable.Empty,
            CreatedAt = DateTime.UnixEpoch,
            Places = [new ModelPlace(upstream, "m")],
        };
        DestinationState[] all = [new("litellm")];
        Assert.Equal(0, BytesOf(() => Candidates.Of(model, ApiTable.Chat, null, all, out _)));
    }

    [Fact]
    public void Metering_a_chunk_of_a_stream()
    {
        var reader = new SseEventReader();
        var meter = new StreamMeter();
        var bytes = BytesOf(() =>
        {
            ReadOnlySpan<byte> rest = Chunk;
            while (reader.TryRead(ref rest, out var sseEvent))
            {
                meter.Observe(sseEvent);
            }
        });
        Assert.Equal(0, bytes);
    }

    [Fact]
    public void Metering_a_plain_answer()
    {
        var bytes = BytesOf(() =>
        {
            using var meter = new PlainMeter();
            meter.Feed(Answer);
            meter.Close(Body.Length);
        });
        Assert.InRange(bytes, 0, 1_400);
    }

    [Fact]
    public void The_values_of_a_line_of_the_call_log() =>
        Assert.InRange(
            BytesOf(() =>
                new CallLine
                {
                    At = DateTime.UnixEpoch,
                    RequestId = "r",
                    TraceId = null,
                    UserId = "u",
                    ApiKeyId = "k",
                    TeamId = null,
                    TierId = "t",
                    Api = "a",
                    Model = "m",
                    Outcome = "ok",
                    Status = 200,
                    Code = null,
                    Duration = TimeSpan.Zero,
                    IsSettled = true,
                    IsStream = false,
                    Attempts = 1,
                    PromptTokens = 1,
                    CompletionTokens = 1,
                    UsageSource = "reported",
                    CostNanoUsd = 1,
                    Overhead = TimeSpan.Zero,
                    FirstByte = TimeSpan.Zero,
                }
            ),
            0,
            216
        );

    private static long BytesOf(Action work)
    {
        work(); // what is made once
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            work();
        }
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }
}
