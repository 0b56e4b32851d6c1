using System.Globalization;
using Gateway.Core.Issuers;

namespace Gateway.Core.Settings;

/// <summary>What a setting's value must keep to beyond its type.</summary>
/// <param name="Holds">Whether a value does; numbers come as their text.</param>
/// <param name="Expected">The rule in words, after "must be".</param>
public sealed record SettingRule(Func<string, bool> Holds, string Expected)
{
    /// <summary>An http or https address without credentials, or nothing.</summary>
    public static readonly SettingRule Url = new(
        text =>
            text.Length == 0
            || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0),
        "an http or https address, or empty"
    );

    /// <summary>
    /// An issuer of tokens: an address that others can be appended to, short enough to be stored with each of its users, or nothing.
    /// </summary>
    public static readonly SettingRule Issuer = new(
        text => text.Length == 0 || (text.Length <= 255 && Url.Holds(text) && new Uri(text) is { Query: "", Fragment: "" }),
        "an http or https address without query, at most 255 characters, or empty"
    );

    /// <summary>A name that stands in addresses as it is.</summary>
    public static readonly SettingRule IssuerName = new(
        IssuerClient.IsName,
        "1 to 40 letters, digits, dashes and underscores, the first a letter or a digit"
    );

    /// <summary>Scopes of OpenID Connect.</summary>
    public static readonly SettingRule Scopes = new(IssuerClient.AreScopes, "scopes with single spaces between, openid among them");

    /// <summary>A currency's three letters.</summary>
    public static readonly SettingRule Currency = new(
        text => text.Length == 3 && text.All(char.IsAsciiLetterUpper),
        "three capital letters"
    );

    /// <summary>One of some words.</summary>
    public static SettingRule OneOf(params string[] words) => new(words.Contains, $"one of {string.Join(", ", words)}");

    /// <summary>A number between two, both included.</summary>
    public static SettingRule Range(decimal minimum, decimal maximum) =>
        new(
            text =>
                decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number >= minimum
                && number <= maximum,
            string.Create(CultureInfo.InvariantCulture, $"a number, minimum is {minimum}, maximum is {maximum}")
        );

    /// <summary>A whole number between two, both included.</summary>
    public static SettingRule Whole(long minimum, long maximum) =>
        new(
            text =>
                long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= minimum
                && number <= maximum,
            string.Create(CultureInfo.InvariantCulture, $"a whole number, minimum is {minimum}, maximum is {maximum}")
        );
}
