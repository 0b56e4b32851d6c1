using Gateway.Core.Configuration;

namespace Gateway.Tests.Configuration;

public sealed class DurationTextTests
{
    [
        Theory,
        InlineData("24h", 86_400),
        InlineData("1h30m", 5_400),
        InlineData("30s", 30),
        InlineData("250ms", 0.25),
        InlineData("1.5h", 5_400),
        InlineData("0s", 0),
        InlineData("00:01:00", 60),
        InlineData("1.00:00:00", 86_400)
    ]
    public void A_duration_is_read(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [
        Theory,
        InlineData(""),
        InlineData("24"),
        InlineData("h"),
        InlineData("-1h"),
        InlineData("1d"),
        InlineData("1 h"),
        InlineData("-00:01:00"),
        InlineData("1.2.3s"),
        InlineData("1e9h"),
        InlineData("99999999999999h"),
        InlineData("5000000000h5000000000h")
    ]
    public void Anything_else_is_none(string text) => Assert.False(DurationText.TryParse(text, out _));
}
