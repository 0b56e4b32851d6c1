using System.Text;
using Gateway.Tests.Replay;

namespace Gateway.Tests.Metering;

/// <summary>A stream is live: nothing waits for what comes later.</summary>
public sealed class StreamFlushTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Each_chunk_is_with_the_client_before_the_upstream_sends_the_next()
    {
        string[] frames =
        [
            ": ping\n\n",
            Answers.Chunk("one"),
            Answers.Chunk("two"),
            Answers.Chunk("three"),
            Answers.FinishChunk,
            Answers.UsageChunk(),
            Answers.Done,
        ];
        var gates = frames.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        gates[0].SetResult();
        using var response = await replay.SendAsync(
            Answers.Stream(frames) with
            {
                BeforePiece = i => gates[i].Task,
            },
            Answers.StreamCallWithUsage
        );
        var stream = await response.Content.ReadAsStreamAsync();
        for (var i = 0; i < frames.Length; i++)
        {
            var received = new byte[Encoding.UTF8.GetByteCount(frames[i])];
            await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Patience);
            Assert.Equal(frames[i], Encoding.UTF8.GetString(received));
            if (i + 1 < frames.Length)
            {
                Assert.False(gates[i + 1].Task.IsCompleted);
                gates[i + 1].SetResult();
            }
        }
        Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task Row_is_on_its_way_before_DONE_is_sent()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = Answers.Stream(Answers.Chunk("Hello"), Answers.UsageChunk(), Answers.Done) with { BeforeEnd = () => hold.Task };
        using var response = await replay.SendAsync(answer, Answers.StreamCall);
        var stream = await response.Content.ReadAsStreamAsync();
        await stream
            .ReadExactlyAsync(new byte[Encoding.UTF8.GetByteCount(Answers.Chunk("Hello") + Answers.Done)])
            .AsTask()
            .WaitAsync(Patience);
        var record = await Gateway.Tests.Support.HubLedger.RecordAsync(replay.Hub, response); // the upstream has not ended its body yet
        Assert.Equal((Answers.UsageNanoUsd, "ok"), (record.TotalCostNanoUsd, record.Outcome));
        hold.SetResult();
        Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
    }
}
