using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

/// <summary>What a call takes from windows of tokens before its usage is known, and when it can never fit.</summary>
public sealed class TokenEstimateTests
{
    private static readonly TokenEstimate Call = new(input: 100, usual: 600, full: 16_484);

    private readonly AdmissionDesk _desk = new();

    [Theory]
    [InlineData(20_000, 16_484)] // the client's maximum fits the limit: it counts
    [InlineData(16_484, 16_484)]
    [InlineData(16_483, 600)] // it does not: a usual answer
    [InlineData(600, 600)]
    [InlineData(599, 599)] // not even that: all there is
    [InlineData(100, 100)]
    [InlineData(99, 100)] // the prompt alone is larger
    public void What_is_taken_follows_the_limit(long limit, long taken) => Assert.Equal(taken, Call.Within(limit));

    [Fact]
    public void Only_a_prompt_larger_than_the_limit_never_fits()
    {
        var limit = Limits.Key() with { TokensPerMinute = 100 };
        Assert.NotNull(_desk.Ask(Call, limit).Lease);
        var never = _desk.Ask(new TokenEstimate(101, 101, 101), limit).Refusal!;
        Assert.True(never.NeverFits);
        Assert.Equal(101, never.Needed);
    }

    [Fact]
    public void A_maximum_larger_than_the_limit_takes_a_usual_answer_and_leaves_room_for_others()
    {
        var limit = Limits.Key() with { TokensPerMinute = 10_000 };
        for (var calls = 0; calls < 16; calls++)
        {
            Assert.NotNull(_desk.Ask(Call, limit).Lease);
        }
        Assert.False(_desk.Ask(Call, limit).Refusal!.NeverFits);
        Assert.Equal(
            (9_600, 400),
            (_desk.Read(limit, LimitWindow.TokensPerMinute).Held, _desk.Read(limit, LimitWindow.TokensPerMinute).Remaining)
        );
    }

    [Fact]
    public void The_lowest_limit_decides_what_all_windows_take()
    {
        var (minute, day) = (Limits.Key() with { TokensPerMinute = 10_000 }, Limits.User() with { TokensPerDay = 1_000_000 });
        Assert.NotNull(_desk.Ask(Call, minute, day).Lease);
        Assert.Equal((600, 600), (_desk.Read(minute, LimitWindow.TokensPerMinute).Held, _desk.Read(day, LimitWindow.TokensPerDay).Held));
    }

    [Fact]
    public void A_shadow_limit_has_no_say_in_what_others_take_and_tells_what_it_would_have_said()
    {
        var (shadow, real) = (Limits.Key().AsShadow() with { TokensPerMinute = 700 }, Limits.User() with { TokensPerMinute = 20_000 });
        var first = _desk.Ask(Call, shadow, real).Lease!;
        Assert.Empty(first.ShadowHits); // as an enforced limit of 700 it would have taken 600
        Assert.Equal(16_484, _desk.Read(real, LimitWindow.TokensPerMinute).Held);
        Assert.Equal(16_484, first.TokensTaken);
        first.Release(LeaseEnd.Answered(500));
        Assert.Single(_desk.Ask(Call, shadow, real).Lease!.ShadowHits);
    }

    [Fact]
    public void The_truth_settles_what_was_taken()
    {
        var limit = Limits.Key() with { TokensPerMinute = 10_000 };
        _desk.Ask(Call, limit).Lease!.Release(LeaseEnd.Answered(9_999)); // more than was taken
        var read = _desk.Read(limit, LimitWindow.TokensPerMinute);
        Assert.Equal((9_999, 0, 1), (read.Used, read.Held, read.Remaining));
    }
}
