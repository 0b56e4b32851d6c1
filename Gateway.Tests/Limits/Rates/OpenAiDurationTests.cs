using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

public class OpenAiDurationTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(1, "1ms")]
    [InlineData(20, "20ms")]
    [InlineData(999, "999ms")]
    [InlineData(999.2, "1s")]
    [InlineData(1_000, "1s")]
    [InlineData(8_640, "8.64s")]
    [InlineData(59_999.5, "1m0s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(61_005, "1m1.005s")]
    [InlineData(86_399_000, "23h59m59s")]
    [InlineData(86_400_000, "24h0m0s")]
    public void Times_are_written_as_openai_writes_them(double milliseconds, string text) =>
        Assert.Equal(text, OpenAiDuration.Format(new TimeSpan((long)(milliseconds * TimeSpan.TicksPerMillisecond))));
}
