using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

public class ShadowLimitTests
{
    private readonly AdmissionDesk _desk = new();

    [Fact]
    public void A_shadow_limit_lets_pass_and_reports_each_window_that_would_have_refused()
    {
        var shadow = Limits.Key().AsShadow() with { RequestsPerMinute = 1, TokensPerDay = 5, MaxConcurrent = 10 };
        Assert.Empty(_desk.Admit(5, shadow).ShadowHits);
        Assert.Equal(
            [new(shadow, LimitWindow.RequestsPerMinute), new(shadow, LimitWindow.TokensPerDay)],
            _desk.Admit(5, shadow).ShadowHits
        );
    }

    [Fact]
    public void A_shadow_limit_goes_on_counting_above_itself()
    {
        var shadow = Limits.Key().AsShadow() with { RequestsPerMinute = 1 };
        Assert.Equal(5, _desk.AdmitMany(5, 0, shadow));
        Assert.Equal(5, _desk.Read(shadow, LimitWindow.RequestsPerMinute).Used);
    }

    [Fact]
    public void A_shadow_limit_changes_nothing_for_the_limits_beside_it()
    {
        var (with, without) = (new AdmissionDesk(), new AdmissionDesk());
        var enforce = Limits.User() with { RequestsPerMinute = 3, TokensPerMinute = 50 };
        var shadow = Limits.Key().AsShadow() with { RequestsPerMinute = 1, TokensPerMinute = 1, MaxConcurrent = 1 };
        for (var call = 0; call < 6; call++)
        {
            var (left, right) = (with.Ask(10, shadow, enforce), without.Ask(10, enforce));
            Assert.Equal(right.Refusal, left.Refusal);
            Assert.Equal((right.Lease?.RequestState, right.Lease?.TokenState), (left.Lease?.RequestState, left.Lease?.TokenState));
            Assert.Equal(without.Read(enforce, LimitWindow.TokensPerMinute), with.Read(enforce, LimitWindow.TokensPerMinute));
        }
    }

    [Fact]
    public void A_call_that_another_limit_refuses_does_not_count_for_a_shadow_limit()
    {
        var (enforce, shadow) = (Limits.User() with { RequestsPerMinute = 1 }, Limits.Key().AsShadow() with { RequestsPerMinute = 9 });
        Assert.Equal(1, _desk.AdmitMany(4, 0, enforce, shadow));
        Assert.Equal(1, _desk.Read(shadow, LimitWindow.RequestsPerMinute).Used);
    }

    [Fact]
    public void A_shadow_limit_has_no_part_in_the_headers()
    {
        var lease = _desk.Admit(1, Limits.Key().AsShadow() with { RequestsPerMinute = 1, TokensPerMinute = 1 });
        Assert.False(lease.RequestState.Exists);
        Assert.False(lease.TokenState.Exists);
    }
}
