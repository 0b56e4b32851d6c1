using System.Text;
using Gateway.Bodies;

namespace Gateway.Tests.Bodies;

public sealed class TextGrowthTests
{
    // The written-out forms are those of Unicode's NFKC.
    [Theory]
    [InlineData("½", "1⁄2")]
    [InlineData("ŉ", "ʼn")]
    [InlineData("΅", " ̈́")]
    [InlineData("ﷺ", "صلى الله عليه وسلم")]
    [InlineData("㌖", "キロメートル")]
    [InlineData("㍿", "株式会社")]
    [InlineData("⁗", "′′′′")]
    [InlineData("∰", "∮∮∮")]
    [InlineData("⨌", "∫∫∫∫")]
    [InlineData("⒈", "1.")]
    [InlineData("㈠", "(一)")]
    [InlineData("Ⅷ", "VIII")]
    [InlineData("ﬗ", "մխ")]
    [InlineData("🈁", "ココ")]
    [InlineData("🉀", "〔本〕")]
    public void A_sign_counts_what_it_is_written_out_to(string sign, string writtenOut)
    {
        var most = Encoding.UTF8.GetByteCount(writtenOut);
        var escaped = string.Concat(sign.Select(c => $"\\u{(int)c:X4}"));
        Assert.True(Encoding.UTF8.GetByteCount(sign) + TextGrowth.Of(Encoding.UTF8.GetBytes(sign)) >= most);
        Assert.True(escaped.Length + TextGrowth.Of(Encoding.UTF8.GetBytes(escaped)) >= most);
    }

    [Theory]
    [InlineData("{\"a\":\"plain text, \\n \\\\u 1/2\"}")]
    [InlineData("Grüße, привет, 你好, 안녕, かな, 😀, “quotes” – dashes…")]
    [InlineData("\\u4f60\\u597d \\u00e9 \\ud83d\\ude00")]
    public void Common_text_does_not_grow(string text) => Assert.Equal(0, TextGrowth.Of(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("\\u")]
    [InlineData("\\u12")]
    [InlineData("\\uzzzz\\ufdfa", 27)]
    [InlineData("ﷺ ﷺ", 60)]
    public void Broken_and_repeated_escapes_are_counted_as_they_stand(string text, long bytes = 0) =>
        Assert.Equal(bytes, TextGrowth.Of(Encoding.UTF8.GetBytes(text)));
}
