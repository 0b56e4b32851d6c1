using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Tests.Admin.Conventions;

public sealed class IsoTimeTests
{
    [Theory]
    [InlineData("2026-01-05T10:00:00Z", "2026-01-05T10:00:00.0000000")]
    [InlineData("2026-01-05t10:00:00z", "2026-01-05T10:00:00.0000000")]
    [InlineData("2026-01-05T10:00:00.123456789Z", "2026-01-05T10:00:00.1234567")]
    [InlineData("2026-01-05T10:00:00.999999999999Z", "2026-01-05T10:00:00.9999999")]
    [InlineData("2026-01-05T10:00:00,5Z", "2026-01-05T10:00:00.5000000")]
    [InlineData("2026-01-05T10:00:00.123456789+02:00", "2026-01-05T08:00:00.1234567")]
    [InlineData("2026-01-05T10:00:00-05:30", "2026-01-05T15:30:00.0000000")]
    [InlineData("2026-01-05T10:00:00+0200", "2026-01-05T08:00:00.0000000")]
    [InlineData("2026-01-05T10:00:00+02", "2026-01-05T08:00:00.0000000")]
    [InlineData("2026-01-05T10:00:00 02:00", "2026-01-05T08:00:00.0000000")]
    [InlineData("2026-01-05 10:00:00.123456789+00:00", "2026-01-05T10:00:00.1234567")]
    [InlineData("2026-01-05T10:00", "2026-01-05T10:00:00.0000000")]
    [InlineData("2026-01-05T10:00:00", "2026-01-05T10:00:00.0000000")]
    [InlineData("2026-01-05", "2026-01-05T00:00:00.0000000")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.0000000")]
    public void Every_common_form_is_read(string text, string expected)
    {
        Assert.True(IsoTime.TryParse(text, out var time));
        Assert.Equal((expected, DateTimeKind.Utc), (time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture), time.Kind));
    }

    [Theory]
    [InlineData("2026-13-05T10:00:00Z", "has the month 13; months are 01 to 12")]
    [InlineData("2026-02-30", "has the day 30; 2026-02 has 28 days")]
    [InlineData("2026-01-05T24:00:00Z", "has the hour 24; hours are 00 to 23")]
    [InlineData("2026-01-05T10:60:00Z", "has the minute 60; minutes are 00 to 59")]
    [InlineData("2026-01-05T10:00:61Z", "has the second 61; seconds are 00 to 59")]
    [InlineData("2026-01-05T10:00:00+15:00", "has the offset +15:00; offsets are -14:00 to +14:00")]
    [InlineData("0000-01-05", "has the year 0000; the first one is 0001")]
    [InlineData("0001-01-01T00:00:00+01:00", "must be within the years 1 to 9999 in UTC")]
    [InlineData("9999-12-31T23:59:59-01:00", "must be within the years 1 to 9999 in UTC")]
    [InlineData("tomorrow", IsoTime.Expected)]
    [InlineData("05.01.2026", IsoTime.Expected)]
    [InlineData("1767607200", IsoTime.Expected)]
    [InlineData("2026-01-05T10:00:00.Z", IsoTime.Expected)]
    [InlineData("2026-01-05Z", IsoTime.Expected)]
    [InlineData("2026-01-05T10:00:00Z ", IsoTime.Expected)]
    [InlineData("٢026-01-05", IsoTime.Expected)]
    [InlineData("", IsoTime.Expected)]
    public void A_mistake_is_named(string text, string mistake)
    {
        Assert.False(IsoTime.TryParse(text, out _, out var told));
        Assert.Equal(mistake, told);
    }

    [Theory]
    [InlineData(
        """{"t":1767607200}""",
        "t: must be an ISO 8601 time such as 2026-01-05T10:00:00Z, as a text: numbers are not read as times"
    )]
    [InlineData("""{"t":"2026-02-30T00:00:00Z"}""", "t: has the day 30; 2026-02 has 28 days")]
    [InlineData("""{"t":true}""", "t: must be a text")]
    public void A_member_that_is_no_time_says_why(string body, string text)
    {
        Assert.Equal(text, WireRecord<Timed>.Bind(JsonElement.Parse(body), services: null).Error?.Text);
    }

    private sealed record Timed
    {
        public DateTime? T { get; init; }
    }
}
