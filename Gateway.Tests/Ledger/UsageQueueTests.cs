using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Tests.Support;

namespace Gateway.Tests.Ledger;

/// <summary>What the queue says of its way to the database.</summary>
public sealed class UsageQueueTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly UsageQueue _queue;

    public UsageQueueTests()
    {
        _queue = new UsageQueue(new LedgerOptions(), _time);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Written_through_is_now_when_nothing_waits()
    {
        Assert.Equal(_time.GetTimestamp(), _queue.WrittenThrough);
    }

    [Fact]
    public async Task Written_through_stays_behind_what_waits()
    {
        await TakeAsync();
        var taken = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.True(_queue.WrittenThrough <= taken);
    }

    [Fact]
    public async Task Written_through_moves_on_while_something_always_waits()
    {
        await TakeAsync();
        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await TakeAsync();
            Write();
            Assert.False(_queue.IsWritten);
        }

        Assert.InRange(_queue.WrittenThrough, _time.GetTimestamp() - TimeSpan.FromSeconds(3).Ticks, _time.GetTimestamp() - 1);
    }

    private ValueTask TakeAsync() =>
        _queue.EnqueueAsync(
            new QueuedCall(
                new UsageRecord
                {
                    Id = Guid.CreateVersion7().ToString(),
                    UserId = "u",
                    TierId = "t",
                    ModelId = "m",
                    ModelName = "m",
                    CallType = "chat",
                    Status = "completed",
                    Outcome = "ok",
                    ServiceTier = "default",
                    UsageSource = "none",
                },
                default
            )
        );

    private void Write()
    {
        Assert.True(_queue.Reader.TryRead(out var call));
        _queue.MarkWritten([call.Record]);
    }
}
