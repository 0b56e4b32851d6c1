using Gateway.Bodies;

namespace Gateway.Tests.Bodies;

/// <summary>Which end user stands for what client libraries write into bodies.</summary>
public sealed class EndUserTextTests
{
    private static readonly string Hash64 = new('a', 64);

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("  ", null)]
    [InlineData(" ann ", "ann")]
    [InlineData("müller@example.com", "müller@example.com")]
    [InlineData("{not json", "{not json")]
    [InlineData("""{"session_id":"s"}""", """{"session_id":"s"}""")]
    [InlineData("""{"device_id":"d1","account_uuid":"","session_id":"s1"}""", "d1")]
    [InlineData("""{"device_id":"","account_uuid":"a1","session_id":"s1"}""", "a1")]
    [InlineData("user_1_account__session_55", "user_1_account_")]
    public void Name_is_what_stays_the_same_from_call_to_call(string? text, string? name) => Assert.Equal(name, EndUserText.Of(text, 64));

    [Fact]
    public void Sessions_of_one_user_are_one_end_user()
    {
        var first = EndUserText.Of($"user_{Hash64}_account_1_session_1", 64);
        Assert.Equal(first, EndUserText.Of($"user_{Hash64}_account_1_session_2", 64));
        Assert.NotEqual(first, EndUserText.Of($"user_{Hash64}_account_2_session_2", 64));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("nul\0")]
    [InlineData("half \ud800")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void What_is_no_short_plain_text_is_named_by_its_hash(string text) =>
        Assert.Matches("^sha256-[0-9a-f]{32}$", EndUserText.Of(text, 64));
}
