using Gateway.Core.Background;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Background;

/// <summary>Background work is done on its interval, whatever one round throws, until the host stops.</summary>
public sealed class PeriodicServiceTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task The_first_round_comes_after_an_interval()
    {
        using var work = new Work(_time);
        await work.StartAsync(default);

        await work.ReachesAsync(1);

        Assert.True(work.FirstAt >= Work.Seconds(10), $"It came after {work.FirstAt}.");
        await work.StopAsync(default);
    }

    [Fact]
    public async Task The_first_round_comes_at_the_start_when_the_work_says_so()
    {
        using var work = new Work(_time) { IsEager = true };
        await work.StartAsync(default);

        await Eventually.TrueAsync(() => Task.FromResult(work.Count == 1), "a round, and no time has passed");

        await work.StopAsync(default);
    }

    [Fact]
    public async Task Without_an_interval_there_is_no_round_at_all()
    {
        using var work = new Work(_time) { IsEager = true, Wait = TimeSpan.Zero };
        await work.StartAsync(default);

        await work.ExecuteTask!;

        Assert.Equal(0, work.Count);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_next_round_comes_after_a_fault_of_any_kind(bool isCancellation)
    {
        using var work = new Work(_time)
        {
            Fault = isCancellation ? new OperationCanceledException("a timeout") : new InvalidOperationException("a fault"),
        };
        await work.StartAsync(default);

        await work.ReachesAsync(2);

        await work.StopAsync(default);
        Assert.True(work.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_fault_that_stays_is_counted_each_time_and_logged_once_with_its_end()
    {
        using var log = new LogCapture();
        using var work = new Work(_time, log.CreateLogger("")) { Fault = new InvalidOperationException("away") };
        await work.StartAsync(default);
        await work.ReachesAsync(3);
        work.Fault = null;
        await work.ReachesAsync(work.Count + 2);
        await work.StopAsync(default);

        Assert.InRange(work.Failures, 3, work.Count - 1);
        Assert.Equal(work.Failures, work.Counted);
        Assert.Equal(
            [LogLevel.Warning, LogLevel.Information],
            log.Entries.Where(e => e.Text.Contains(Work.Name, StringComparison.Ordinal)).Select(e => e.Level)
        );
    }

    [Fact]
    public async Task It_stops_with_the_host_in_the_middle_of_a_round()
    {
        using var work = new Work(_time) { IsEager = true, Hangs = true };
        await work.StartAsync(default);
        await Eventually.TrueAsync(() => Task.FromResult(work.Count == 1), "it is in a round");

        await work.StopAsync(default);

        Assert.True(work.ExecuteTask!.IsCompletedSuccessfully);
    }

    private sealed class Work : PeriodicService
    {
        public const string Name = "a_test";

        private readonly ManualTimeProvider _time;
        private readonly Rounds _rounds;
        private int _count;

        public Work(ManualTimeProvider time, ILogger? logger = null)
            : this(time, TestRounds.At(time, logger)) { }

        private Work(ManualTimeProvider time, Rounds rounds)
            : base(Name, rounds) => (_time, _rounds) = (time, rounds);

        public TimeSpan Wait { get; set; } = Seconds(10);

        public bool IsEager { get; init; }

        public bool Hangs { get; init; }

        public Exception? Fault { get; set; }

        public int Count => Volatile.Read(ref _count);

        public int Failures { get; private set; }

        public TimeSpan FirstAt { get; private set; }

        public long Counted => _rounds.FailedOf(Name);

        protected override TimeSpan Interval => Wait;

        protected override bool RunsAtStart => IsEager;

        public static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

        public Task ReachesAsync(int count) =>
            Eventually.TrueAsync(
                () =>
                {
                    _time.Advance(Wait);
                    return Task.FromResult(Count >= count);
                },
                $"{count} rounds"
            );

        protected override async Task RunAsync(CancellationToken cancellationToken)
        {
            FirstAt = Count == 0 ? _time.GetElapsedTime(0) : FirstAt;
            Interlocked.Increment(ref _count);
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            if (Fault is { } fault)
            {
                Failures++;
                throw fault;
            }
        }
    }
}
