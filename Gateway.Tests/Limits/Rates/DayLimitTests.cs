using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

public class DayLimitTests
{
    private readonly AdmissionDesk _desk = new(new DateTimeOffset(2026, 3, 10, 23, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_day_is_counted_until_midnight_in_utc()
    {
        var limit = Limits.User() with { RequestsPerDay = 2 };
        Assert.Equal(2, _desk.AdmitMany(3, 0, limit));
        _desk.Advance(3599.999);
        Assert.Equal(0, _desk.AdmitMany(1, 0, limit));
        _desk.Advance(0.001);
        Assert.Equal(2, _desk.AdmitMany(3, 0, limit));
    }

    [Fact]
    public void A_clock_set_back_over_midnight_does_not_hand_out_a_day_again()
    {
        var limit = Limits.User() with { RequestsPerDay = 2 };
        _desk.Advance(3600);
        Assert.Equal(2, _desk.AdmitMany(2, 0, limit));
        _desk.Time.ShiftUtc(TimeSpan.FromHours(-2));
        Assert.Equal(0, _desk.AdmitMany(1, 0, limit));
        _desk.Time.ShiftUtc(TimeSpan.FromHours(2));
        Assert.Equal(0, _desk.AdmitMany(1, 0, limit));
    }

    [Fact]
    public void A_clock_set_back_gives_no_day_to_counters_that_come_later()
    {
        _desk.Advance(3600);
        _desk.Admit(0, Limits.User() with { RequestsPerDay = 2 });
        _desk.Time.ShiftUtc(TimeSpan.FromHours(-2));
        var lease = _desk.Admit(0, Limits.Key() with { RequestsPerDay = 2 });
        Assert.Equal(new DateTime(2026, 3, 11, 0, 0, 0, DateTimeKind.Utc), lease.AdmittedAt);
    }

    [Fact]
    public void A_call_that_ends_on_the_next_day_corrects_nothing_there()
    {
        var limit = Limits.User() with { TokensPerDay = 100 };
        var lease = _desk.Admit(100, limit);
        _desk.Advance(3600);
        _desk.Admit(80, limit);
        lease.Release(LeaseEnd.Answered(1));
        Assert.Equal(20, _desk.Read(limit, LimitWindow.TokensPerDay).Remaining);
    }

    [Fact]
    public void A_day_refusal_waits_until_midnight()
    {
        var limit = Limits.User() with { TokensPerDay = 100 };
        _desk.Admit(100, limit);
        _desk.Advance(0.5);
        var refusal = _desk.Refuse(1, limit);
        Assert.Equal(TimeSpan.FromSeconds(3600), refusal.RetryAfter);
        Assert.Equal(new DateTime(2026, 3, 11, 0, 0, 0, DateTimeKind.Utc), refusal.ResetAt);
    }
}
