using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

public class MinuteLimitTests
{
    private readonly AdmissionDesk _desk = new();

    [Fact]
    public void Requests_up_to_the_limit_pass_and_the_next_is_refused()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 3 };
        Assert.Equal(3, _desk.AdmitMany(10, 0, limit));
    }

    [Fact]
    public void A_request_never_leaves_the_window_before_a_minute_is_over()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 1 };
        _desk.Advance(0.999);
        _desk.Admit(0, limit);
        _desk.Advance(60);
        Assert.NotNull(_desk.Ask(0, limit).Refusal);
    }

    [Fact]
    public void A_request_leaves_the_window_at_most_a_second_after_its_minute()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 1 };
        _desk.Admit(0, limit);
        _desk.Advance(61);
        _desk.Admit(0, limit);
    }

    [Fact]
    public void Tokens_are_taken_at_their_bound_before_the_answer_is_known()
    {
        var limit = Limits.Key() with { TokensPerMinute = 100 };
        _desk.Admit(60, limit);
        Assert.Equal(LimitWindow.TokensPerMinute, _desk.Refuse(41, limit).Window);
        _desk.Admit(40, limit);
    }

    [Fact]
    public void Tokens_that_were_not_used_come_back()
    {
        var limit = Limits.Key() with { TokensPerMinute = 100 };
        _desk.Admit(100, limit).Release(LeaseEnd.Answered(30));
        _desk.Admit(70, limit);
        Assert.NotNull(_desk.Ask(1, limit).Refusal);
    }

    [Fact]
    public void Tokens_beyond_the_bound_count_too()
    {
        var limit = Limits.Key() with { TokensPerMinute = 100 };
        _desk.Admit(10, limit).Release(LeaseEnd.Answered(150));
        Assert.Equal(0, _desk.Refuse(1, limit).Remaining);
    }

    [Fact]
    public void Tokens_are_corrected_in_the_second_in_which_they_were_taken()
    {
        var limit = Limits.Key() with { TokensPerMinute = 100 };
        var early = _desk.Admit(50, limit);
        _desk.Advance(30);
        _desk.Admit(50, limit);
        early.Release(LeaseEnd.Answered(40));
        _desk.Advance(31);
        Assert.Equal(50, _desk.Read(limit, LimitWindow.TokensPerMinute).Remaining);
    }

    [Fact]
    public void A_call_that_outlives_the_window_corrects_nothing_in_it()
    {
        var limit = Limits.Key() with { TokensPerMinute = 100 };
        var old = _desk.Admit(100, limit);
        _desk.Advance(90);
        _desk.Admit(80, limit);
        old.Release(LeaseEnd.Answered(10));
        Assert.Equal(20, _desk.Read(limit, LimitWindow.TokensPerMinute).Remaining);
    }

    [Fact]
    public void A_call_that_the_upstream_never_answered_gives_request_and_tokens_back()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 1, TokensPerMinute = 10, RequestsPerDay = 1, TokensPerDay = 10 };
        _desk.Admit(10, limit).Release(LeaseEnd.NeverAnswered);
        _desk.Admit(10, limit);
    }

    [Fact]
    public void Setting_the_wall_clock_does_not_touch_the_minute()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 1 };
        _desk.Admit(0, limit);
        _desk.Time.ShiftUtc(TimeSpan.FromMinutes(5));
        Assert.NotNull(_desk.Ask(0, limit).Refusal);
        _desk.Time.ShiftUtc(TimeSpan.FromHours(-3));
        _desk.Advance(61);
        _desk.Admit(0, limit);
    }

    [Fact]
    public void A_busy_minute_keeps_a_bucket_for_each_of_its_seconds()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 61 };
        for (var second = 0; second < 500; second++)
        {
            _desk.Admit(0, limit).Release(LeaseEnd.Answered(0));
            Assert.NotNull(second < 60 ? limit : _desk.Ask(0, limit).Refusal);
            _desk.Advance(1);
        }
    }
}
