using Gateway.Core.Quotas;
using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

public class LimitChangeTests
{
    private readonly AdmissionDesk _desk = new();

    [Fact]
    public void A_raised_limit_acts_at_the_next_call_and_keeps_the_count()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 2 };
        Assert.Equal(2, _desk.AdmitMany(3, 0, limit));
        Assert.Equal(3, _desk.AdmitMany(9, 0, limit with { RequestsPerMinute = 5 }));
    }

    [Fact]
    public void A_lowered_limit_refuses_until_enough_has_left()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 5 };
        _desk.AdmitMany(3, 0, limit);
        _desk.Advance(10);
        _desk.AdmitMany(2, 0, limit);
        Assert.Equal(TimeSpan.FromSeconds(51), _desk.Refuse(0, limit with { RequestsPerMinute = 3 }).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(61), _desk.Refuse(0, limit with { RequestsPerMinute = 2 }).RetryAfter);
    }

    [Fact]
    public void A_limit_deleted_and_made_again_finds_its_counts()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 2 };
        Assert.Equal(2, _desk.AdmitMany(3, 0, limit));
        Assert.Equal(0, _desk.AdmitMany(1, 0, limit with { Id = "another row" }));
    }

    [Fact]
    public void A_window_added_to_a_limit_knows_the_calls_before_it()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 100 };
        _desk.AdmitMany(3, 7, limit);
        Assert.Equal(21, _desk.Read(limit with { TokensPerDay = 100 }, LimitWindow.TokensPerDay).Used);
    }

    [Fact]
    public void A_shadow_limit_that_begins_to_enforce_keeps_its_count()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 2 };
        _desk.AdmitMany(3, 0, limit.AsShadow());
        Assert.Equal(0, _desk.AdmitMany(1, 0, limit));
    }

    [Fact]
    public void Two_limits_on_the_same_counters_count_a_call_once()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 4 };
        Assert.Equal(4, _desk.AdmitMany(9, 0, limit, limit.AsShadow()));
    }

    [Fact]
    public async Task A_limit_of_a_tier_counts_each_user_and_model_apart()
    {
        var limit = Limits.TierModel("free", "m1") with { RequestsPerMinute = 1 };
        async Task<bool> IsIn(RateLimit l, string user) =>
            (await _desk.Controller.AdmitAsync([l], user, default, default)).Lease is not null;
        Assert.True(await IsIn(limit, "u1"));
        Assert.True(await IsIn(limit, "u2"));
        Assert.True(await IsIn(limit with { ModelId = "m2" }, "u1"));
        Assert.False(await IsIn(limit, "u1"));
    }
}
