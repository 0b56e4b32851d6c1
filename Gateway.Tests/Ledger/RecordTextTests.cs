using Gateway.Ledger;

namespace Gateway.Tests.Ledger;

public sealed class RecordTextTests
{
    [
        Theory,
        InlineData(null, null),
        InlineData("", ""),
        InlineData("chatcmpl-1", "chatcmpl-1"),
        InlineData("é🚀", "é🚀"),
        InlineData("a\0b", "a\uFFFDb"),
        InlineData("a\nb", "a\uFFFDb")
    ]
    public void Text_is_kept_but_for_what_no_database_takes(string? given, string? kept) => Assert.Equal(kept, RecordText.Of(given));

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("\uFFFD", RecordText.Of("\ud83d"));

    [Fact]
    public void Long_text_is_cut_between_characters()
    {
        Assert.Equal(new string('x', 255), RecordText.Of(new string('x', 300)));
        Assert.Equal(new string('x', 254), RecordText.Of(new string('x', 254) + "🚀"));
    }
}
