using Gateway.Core.Keys;

namespace Gateway.Tests.Keys;

public sealed class ApiKeyTextTests
{
    [Fact]
    public void A_new_key_has_its_form_and_can_be_taken_apart()
    {
        var key = ApiKeyText.Create();
        Assert.Equal(ApiKeyText.Length, key.Text.Length);
        Assert.True(ApiKeyText.TryParse(key.Text, out var publicId, out var secret));
        Assert.Equal($"sk-hub-{publicId}-{secret}", key.Text);
        Assert.Equal(key.PublicId, publicId.ToString());
        Assert.Equal(key.SecretHash, ApiKeyText.HashSecret(secret));
        Assert.Matches("^[0-9a-f]{64}$", key.SecretHash);
    }

    [Fact]
    public void Keys_are_never_alike() =>
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => ApiKeyText.Create().Text).Distinct().Count());

    [Theory]
    [
        InlineData(""),
        InlineData("sk-hub-"),
        InlineData("sk-hub-0123456789abcdef"),
        InlineData("sk-hub-0123456789abcdef-"),
        InlineData("SK-HUB-0123456789abcdef-0123456789012345678901234567890123456789012")
    ]
    [
        InlineData("sk-hub-0123456789abcdef-01234567890123456789012345678901234567890123"),
        InlineData("sk-hub-0123456789abcdef-012345678901234567890123456789012345678901_"),
        InlineData("sk-hub-0123456789abcde--0123456789012345678901234567890123456789012")
    ]
    [InlineData("sk-hub-0123456789abcdé-0123456789012345678901234567890123456789012")]
    public void Text_of_another_form_is_no_key(string text)
    {
        Assert.False(ApiKeyText.TryParse(text, out _, out _));
        Assert.Throws<FormatException>(() => ApiKeyText.From(text));
    }

    [Fact]
    public void A_key_printed_by_mistake_shows_its_public_id_alone()
    {
        var key = ApiKeyText.Create();
        Assert.Equal(key.PublicId, key.ToString());
        Assert.Equal($"{key.Text[..5]}...{key.Text[^5..]}", key.Preview);
    }

    [Fact]
    public void Random_text_is_of_digits_and_letters_alone()
    {
        Assert.True(Base62.IsBase62(Base62.Random(10_000)));
        Assert.False(Base62.IsBase62("a-b"));
    }
}
