using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

public class CounterStoreTests
{
    private readonly AdmissionDesk _desk = new();

    [Fact]
    public async Task First_uses_at_once_share_one_read_and_pass_only_after_it()
    {
        var limit = Limits.Key() with { RequestsPerDay = 10 };
        var gate = new TaskCompletionSource();
        _desk.History.Gate = gate.Task;
        _desk.History.Set(limit, new PastUsage(7, 0, []));
        var asked = Enumerable.Range(0, 20).Select(_ => _desk.Controller.AdmitAsync([limit], "u1", default, default).AsTask()).ToArray();
        Assert.DoesNotContain(asked, a => a.IsCompleted);
        gate.SetResult();
        var results = await Task.WhenAll(asked);
        Assert.Equal(3, results.Count(r => r.Lease is not null));
        Assert.Single(_desk.History.Reads);
    }

    [Fact]
    public async Task A_failed_read_lets_nobody_in_and_the_next_call_tries_again()
    {
        var limit = Limits.Key() with { RequestsPerDay = 10 };
        _desk.History.Gate = Task.FromException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => _desk.Controller.AdmitAsync([limit], "u1", default, default).AsTask());
        _desk.History.Gate = Task.CompletedTask;
        _desk.Admit(0, limit);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_stop_the_read_for_others()
    {
        var limit = Limits.Key() with { RequestsPerDay = 10 };
        var gate = new TaskCompletionSource();
        _desk.History.Gate = gate.Task;
        using var leaves = new CancellationTokenSource();
        var first = _desk.Controller.AdmitAsync([limit], "u1", default, leaves.Token).AsTask();
        var second = _desk.Controller.AdmitAsync([limit], "u1", default, default).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        Assert.NotNull((await second).Lease);
    }

    [Fact]
    public void Windows_survive_a_restart()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 3, TokensPerMinute = 100, RequestsPerDay = 10 };
        var now = _desk.Time.GetUtcNow().UtcDateTime;
        _desk.History.Set(
            limit,
            new PastUsage(9, 900, [new(now.AddSeconds(-50.5), 1, 30), new(now.AddSeconds(-10), 1, 40), new(now.AddSeconds(-70), 5, 50)])
        );
        Assert.Equal(
            (2, 70, 9),
            (Used(LimitWindow.RequestsPerMinute), Used(LimitWindow.TokensPerMinute), Used(LimitWindow.RequestsPerDay))
        );
        _desk.Advance(9.5);
        Assert.Equal(2, Used(LimitWindow.RequestsPerMinute));
        _desk.Advance(1);
        Assert.Equal(1, Used(LimitWindow.RequestsPerMinute));
        Assert.Equal(1, _desk.AdmitMany(2, 0, limit));

        long Used(LimitWindow window) => _desk.Read(limit, window).Used;
    }

    [Fact]
    public void A_call_that_history_puts_into_the_future_counts_as_one_of_now()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 1 };
        _desk.History.Set(limit, new PastUsage(1, 0, [new(_desk.Time.GetUtcNow().UtcDateTime.AddMinutes(20), 1, 0)]));
        Assert.Equal(TimeSpan.FromSeconds(61), _desk.Refuse(0, limit).RetryAfter);
    }

    [Fact]
    public async Task A_day_read_before_midnight_is_over_after_it()
    {
        var desk = new AdmissionDesk(new DateTimeOffset(2026, 3, 10, 23, 59, 59, TimeSpan.Zero));
        var limit = Limits.Key() with { RequestsPerDay = 10 };
        var gate = new TaskCompletionSource();
        desk.History.Gate = gate.Task;
        desk.History.Set(limit, new PastUsage(10, 0, []));
        var asked = desk.Controller.AdmitAsync([limit], "u1", default, default).AsTask();
        desk.Advance(2);
        gate.SetResult();
        Assert.NotNull((await asked).Lease);
    }

    [Fact]
    public void Idle_counters_are_let_go_and_read_again_at_the_next_use()
    {
        var limit = Limits.Key() with { RequestsPerDay = 2 };
        Assert.Equal(2, _desk.AdmitMany(3, 0, limit));
        _desk.Advance(60.5);
        Assert.Equal(0, _desk.Store.Sweep());
        _desk.Advance(0.5);
        Assert.Equal(1, _desk.Store.Sweep());
        Assert.Equal(0, _desk.Store.Count);
        _desk.History.Set(limit, new PastUsage(2, 0, []));
        Assert.Equal(0, _desk.AdmitMany(1, 0, limit));
        Assert.Equal(2, _desk.History.Reads.Count);
    }

    [Fact]
    public void Counters_stay_while_a_call_is_in_flight()
    {
        var limit = Limits.Key() with { MaxConcurrent = 1 };
        var lease = _desk.Admit(0, limit);
        _desk.Advance(600);
        Assert.Equal(0, _desk.Store.Sweep());
        lease.Release(LeaseEnd.Answered(0));
        Assert.Equal(0, _desk.Store.Sweep());
        _desk.Advance(61);
        Assert.Equal(1, _desk.Store.Sweep());
    }

    [Fact]
    public void Counters_stay_until_history_has_all_their_calls()
    {
        var limit = Limits.Key() with { RequestsPerDay = 1 };
        _desk.Advance(10);
        _desk.AdmitMany(1, 0, limit);
        _desk.History.WrittenThroughTimestamp = _desk.Time.GetTimestamp();
        _desk.Advance(600);
        Assert.Equal(0, _desk.Store.Sweep());
        _desk.History.WrittenThroughTimestamp += TimeSpan.TicksPerSecond;
        Assert.Equal(1, _desk.Store.Sweep());
    }

    [Fact]
    public void Counters_that_were_let_go_meanwhile_admit_nobody()
    {
        var limit = Limits.Key() with { RequestsPerDay = 1 };
        _desk.Admit(0, limit).Release(LeaseEnd.NeverAnswered);
        var stale = _desk.Store.GetOrAdd(CounterKey.Of(limit, "u1"));
        _desk.Advance(61);
        _desk.Store.Sweep();
        Assert.False(
            _desk.Controller.TryAdmit(new AdmissionRequest([new ScopeLimit(limit, stale)], default), out var lease, out var refusal)
        );
        Assert.Null(lease);
        Assert.Null(refusal);
    }

    [Fact]
    public async Task The_sweep_runs_on_its_own()
    {
        _desk.AdmitMany(1, 0, Limits.Key() with { RequestsPerDay = 1 });
        using var service = new CounterSweepService(_desk.Store, Support.TestRounds.At(_desk.Time));
        await service.StartAsync(default);
        await Support.Eventually.TrueAsync(
            () =>
            {
                _desk.Advance(15);
                return Task.FromResult(_desk.Store.Count == 0);
            },
            "idle counters are evicted"
        );
        await service.StopAsync(default);
    }

    [Fact]
    public void Keys_seen_once_leave_no_memory_behind()
    {
        var before = GC.GetTotalMemory(true);
        for (var key = 0; key < 200_000; key++)
        {
            _desk.Admit(5, Limits.Key("key-" + key) with { RequestsPerMinute = 5 }).Release(LeaseEnd.Answered(3));
        }
        _desk.History.Reads.Clear();
        _desk.Advance(61);
        Assert.Equal(200_000, _desk.Store.Sweep());
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 64L << 20);
    }
}
