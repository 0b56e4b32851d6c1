using Gateway.Core.Quotas;
using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

public class RefusalTests
{
    private readonly AdmissionDesk _desk = new();

    [Fact]
    public void Nothing_is_taken_when_one_limit_says_no()
    {
        var (key, user) = (
            Limits.Key() with
            {
                RequestsPerMinute = 100,
                MaxConcurrent = 100,
            },
            Limits.User() with
            {
                RequestsPerMinute = 1,
            }
        );
        _desk.Admit(0, key, user);
        _desk.Refuse(0, key, user);
        Assert.Equal(99, _desk.Read(key, LimitWindow.RequestsPerMinute).Remaining);
        Assert.Equal(1, _desk.Read(key, LimitWindow.MaxConcurrent).Held);
    }

    [Fact]
    public void The_first_scope_that_refuses_is_named_in_whatever_order_limits_come()
    {
        RateLimit[] limits =
        [
            Limits.TierModel() with
            {
                RequestsPerMinute = 1,
            },
            Limits.Team() with
            {
                RequestsPerMinute = 1,
            },
            Limits.User() with
            {
                TokensPerDay = 10,
            },
            Limits.Key() with
            {
                RequestsPerMinute = 5,
            },
        ];
        _desk.Admit(10, limits);
        Assert.Equal(QuotaScope.User, _desk.Refuse(1, limits).Limit.Scope);
    }

    [Fact]
    public void Within_a_scope_windows_are_named_in_their_order()
    {
        var limit = Limits.Key() with
        {
            RequestsPerMinute = 1,
            TokensPerMinute = 1,
            RequestsPerDay = 1,
            TokensPerDay = 1,
            MaxConcurrent = 1,
        };
        _desk.Admit(1, limit);
        LimitWindow Named(RateLimit l) => _desk.Refuse(1, l).Window;
        Assert.Equal(LimitWindow.RequestsPerMinute, Named(limit));
        Assert.Equal(LimitWindow.TokensPerMinute, Named(limit = limit with { RequestsPerMinute = null }));
        Assert.Equal(LimitWindow.RequestsPerDay, Named(limit = limit with { TokensPerMinute = null }));
        Assert.Equal(LimitWindow.TokensPerDay, Named(limit = limit with { RequestsPerDay = null }));
        Assert.Equal(LimitWindow.MaxConcurrent, Named(limit with { TokensPerDay = null }));
    }

    [Fact]
    public void A_request_larger_than_a_whole_limit_is_refused_at_once_without_a_time()
    {
        var refusal = _desk.Refuse(101, Limits.Key() with { TokensPerMinute = 100 });
        Assert.True(refusal.NeverFits);
        Assert.Null(refusal.RetryAfter);
        Assert.Null(refusal.ResetAt);
        Assert.Equal((100, 100), (refusal.Max, refusal.Remaining));
    }

    [Fact]
    public void A_limit_that_never_fits_the_call_is_named_before_one_that_has_no_room_now()
    {
        var (key, team) = (Limits.Key() with { RequestsPerMinute = 1 }, Limits.Team() with { TokensPerDay = 10 });
        _desk.Admit(0, key, team);
        var refusal = _desk.Refuse(11, key, team);
        Assert.Equal(LimitWindow.TokensPerDay, refusal.Window);
        Assert.True(refusal.NeverFits);
    }

    [Fact]
    public void A_full_place_in_flight_asks_to_wait_a_second_and_frees_at_the_end_of_a_call()
    {
        var limit = Limits.Key() with { MaxConcurrent = 1 };
        var lease = _desk.Admit(0, limit);
        var refusal = _desk.Refuse(0, limit);
        Assert.Equal((TimeSpan.FromSeconds(1), null), (refusal.RetryAfter!.Value, refusal.ResetAt));
        lease.Release(LeaseEnd.Answered(0));
        _desk.Admit(0, limit);
    }

    [Fact]
    public void Retry_after_waits_for_the_slowest_limit_and_reset_at_is_of_the_one_named()
    {
        var (key, user) = (Limits.Key() with { RequestsPerMinute = 1 }, Limits.User() with { RequestsPerMinute = 1 });
        _desk.Admit(0, key);
        _desk.Advance(20);
        _desk.Admit(0, user);
        var refusal = _desk.Refuse(0, key, user);
        Assert.Equal(QuotaScope.ApiKey, refusal.Limit.Scope);
        Assert.Equal(_desk.Time.GetUtcNow().UtcDateTime.AddSeconds(41), refusal.ResetAt);
        Assert.Equal(TimeSpan.FromSeconds(61), refusal.RetryAfter);
    }

    [Fact]
    public void Retry_after_is_when_as_many_tokens_are_free_as_the_call_needs()
    {
        var limit = Limits.Key() with { TokensPerMinute = 100 };
        _desk.Admit(30, limit);
        _desk.Advance(10);
        _desk.Admit(50, limit);
        _desk.Advance(0.25);
        Assert.Equal(TimeSpan.FromSeconds(51), _desk.Refuse(50, limit).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(61), _desk.Refuse(51, limit).RetryAfter);
    }

    [Fact]
    public void A_refusal_tells_how_the_tightest_limits_stand()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 1, TokensPerMinute = 100 };
        _desk.Admit(30, limit);
        var refusal = _desk.Refuse(30, limit);
        Assert.Equal(new RateLimitState(1, 0, TimeSpan.FromSeconds(61)), refusal.RequestState);
        Assert.Equal(new RateLimitState(100, 70, TimeSpan.FromSeconds(61)), refusal.TokenState);
    }
}
