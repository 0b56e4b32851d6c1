using System.Text;
using Gateway.Core.Usage;

namespace Gateway.Tests.Usage;

public sealed class UpstreamJsonTests
{
    [Theory]
    [InlineData("""{"a":"\ud800"}""", "{\"a\":\"\uFFFD\"}")]
    [InlineData("""{"a":"\uDC00x"}""", "{\"a\":\"\uFFFDx\"}")]
    [InlineData("""{"a":"\ud800\ud83d\ude00\udc00"}""", "{\"a\":\"\uFFFD\\ud83d\\ude00\uFFFD\"}")]
    [InlineData("""{"a\udfff":1}""", "{\"a\uFFFD\":1}")]
    [InlineData("""{"a":"\\ud800"}""", """{"a":"\\ud800"}""")]
    [InlineData("""{"a":"\ud83d\n"}""", "{\"a\":\"\uFFFD\\n\"}")]
    [InlineData("""{"a":"\u00e9\ud83d\ude00"}""", """{"a":"\u00e9\ud83d\ude00"}""")]
    [InlineData("\uFEFF{}", "{}")]
    [InlineData("""{"a":"\ud8""", """{"a":"\ud8""")]
    public void Half_a_pair_becomes_one_unknown_character(string json, string mended) =>
        Assert.Equal(mended, Encoding.UTF8.GetString(UpstreamJson.Mend(Encoding.UTF8.GetBytes(json))));

    [Theory]
    [InlineData(new byte[] { 0xE9 }, 1)]
    [InlineData(new byte[] { 0xC0, 0xAF }, 2)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 3)]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, 4)]
    [InlineData(new byte[] { 0xE2, 0x82 }, 1)]
    public void Bytes_that_are_no_UTF_8_become_unknown_characters(byte[] broken, int count)
    {
        byte[] json = [.. "{\"a\":\""u8, .. broken, .. "\\t\"}"u8];
        Assert.True(UpstreamJson.TryParse(json, out var root));
        Assert.Equal(new string('\uFFFD', count) + "\t", root.GetProperty("a").GetString());
    }

    [Fact]
    public void Sound_json_is_not_copied()
    {
        var json = "{\"a\":\"\u00e9\\u00e9\"}"u8.ToArray();
        Assert.True(UpstreamJson.Mend(json) == json);
    }

    [Fact]
    public void A_cut_never_halves_a_character() =>
        Assert.Equal(("a", "a\U0001F600"), (UpstreamJson.Cut("a\U0001F600b", 2), UpstreamJson.Cut("a\U0001F600b", 3)));
}
