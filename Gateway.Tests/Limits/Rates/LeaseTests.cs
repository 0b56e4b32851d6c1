using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

public class LeaseTests
{
    private readonly AdmissionDesk _desk = new();

    [Fact]
    public void A_second_release_does_nothing()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 9, TokensPerMinute = 100, MaxConcurrent = 9 };
        _desk.Admit(10, limit);
        var lease = _desk.Admit(50, limit);
        lease.Release(LeaseEnd.Answered(20));
        lease.Release(LeaseEnd.NeverAnswered);
        lease.Dispose();
        Assert.Equal(2, _desk.Read(limit, LimitWindow.RequestsPerMinute).Used);
        Assert.Equal((20, 10, 70), Tokens(_desk.Read(limit, LimitWindow.TokensPerMinute)));
        Assert.Equal(1, _desk.Read(limit, LimitWindow.MaxConcurrent).Held);
    }

    [Fact]
    public void A_lease_released_by_many_threads_gives_back_once()
    {
        var limit = Limits.Key() with { MaxConcurrent = 9, TokensPerDay = 1_000 };
        var lease = _desk.Admit(100, limit);
        Parallel.For(0, 100, _ => lease.Release(LeaseEnd.Answered(30)));
        Assert.Equal(0, _desk.Read(limit, LimitWindow.MaxConcurrent).Held);
        Assert.Equal(30, _desk.Read(limit, LimitWindow.TokensPerDay).Used);
    }

    [Fact]
    public void A_call_that_nobody_ended_counts_with_its_bound()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 9, TokensPerMinute = 100, MaxConcurrent = 1 };
        _desk.Admit(60, limit).Dispose();
        Assert.Equal((60, 0, 40), Tokens(_desk.Read(limit, LimitWindow.TokensPerMinute)));
        Assert.Equal(1, _desk.Read(limit, LimitWindow.RequestsPerMinute).Used);
        Assert.Equal(0, _desk.Read(limit, LimitWindow.MaxConcurrent).Held);
    }

    [Fact]
    public void Bounds_of_open_calls_are_shown_as_held()
    {
        var limit = Limits.Key() with { TokensPerMinute = 100, TokensPerDay = 1_000 };
        var lease = _desk.Admit(60, limit);
        Assert.Equal((0, 60, 40), Tokens(_desk.Read(limit, LimitWindow.TokensPerMinute)));
        lease.Release(LeaseEnd.Answered(25));
        Assert.Equal((25, 0, 75), Tokens(_desk.Read(limit, LimitWindow.TokensPerMinute)));
        Assert.Equal((25, 0, 975), Tokens(_desk.Read(limit, LimitWindow.TokensPerDay)));
    }

    [Fact]
    public void Headers_show_the_tightest_limit_after_this_call()
    {
        var lease = _desk.Admit(
            10,
            Limits.Key() with
            {
                RequestsPerMinute = 60,
                TokensPerDay = 15,
            },
            Limits.User() with
            {
                RequestsPerDay = 20,
                TokensPerMinute = 1_000,
            }
        );
        Assert.Equal(new RateLimitState(20, 19, TimeSpan.FromHours(12)), lease.RequestState);
        Assert.Equal(new RateLimitState(15, 5, TimeSpan.FromHours(12)), lease.TokenState);
    }

    [Fact]
    public void Headers_reset_when_all_of_a_minute_is_free_again()
    {
        _desk.Advance(0.25);
        Assert.Equal(TimeSpan.FromSeconds(60.75), _desk.Admit(0, Limits.Key() with { RequestsPerMinute = 60 }).RequestState.Reset);
    }

    [Fact]
    public void A_caller_without_limits_is_let_in()
    {
        using var lease = _desk.Admit(1_000_000);
        Assert.False(lease.RequestState.Exists);
        Assert.Equal(0, _desk.Store.Count);
    }

    [Fact]
    public void More_limits_than_usual_all_count()
    {
        var limits = Enumerable.Range(0, 12).Select(i => Limits.Key("k" + i) with { RequestsPerMinute = 12 - i }).ToArray();
        Assert.Equal(1, _desk.AdmitMany(3, 0, limits));
        Assert.All(limits, limit => Assert.Equal(1, _desk.Read(limit, LimitWindow.RequestsPerMinute).Used));
    }

    private static (long Used, long Held, long Remaining) Tokens(LimitUsage usage) => (usage.Used, usage.Held, usage.Remaining);
}
