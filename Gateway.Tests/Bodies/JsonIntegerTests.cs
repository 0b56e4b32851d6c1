using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

[Collection(SharedHubCollection.Name)]
public sealed class JsonIntegerTests(SharedHub shared)
{
    [Theory]
    [
        InlineData("256", 256),
        InlineData("256.0", 256),
        InlineData("256.00", 256),
        InlineData("1e2", 100),
        InlineData("1E+2", 100),
        InlineData("2.56e2", 256),
        InlineData("2560e-1", 256)
    ]
    [
        InlineData("-0", 0),
        InlineData("0.0", 0),
        InlineData("0e999999999999999999999", 0),
        InlineData("-3.0", -3),
        InlineData("9223372036854775807", long.MaxValue),
        InlineData("-9223372036854775808.0", long.MinValue)
    ]
    [InlineData("100000000000000000000e-2", 1_000_000_000_000_000_000), InlineData("0.00000000000000000000001e23", 1)]
    public void A_whole_number_is_read_however_it_is_written(string text, long value)
    {
        Assert.True(JsonInteger.TryRead(Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [
        InlineData("1.5"),
        InlineData("1e-1"),
        InlineData("0.1"),
        InlineData("9223372036854775808"),
        InlineData("1e19"),
        InlineData("1e400"),
        InlineData("1e99999999999999999999"),
        InlineData("12345678901234567890.5"),
        InlineData("1e-99999999999999999999")
    ]
    public void What_has_a_fraction_or_does_not_fit_is_not_read(string text) =>
        Assert.False(JsonInteger.TryRead(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Any_decimal_is_read_as_exact_arithmetic_says() =>
        Prop.ForAll(
                Numbers(),
                text =>
                {
                    var read = JsonInteger.TryRead(Encoding.ASCII.GetBytes(text), out var value);
                    var exact = Exact(text);
                    Assert.Equal(exact is { } whole && whole >= long.MinValue && whole <= long.MaxValue, read);
                    Assert.True(!read || exact == value);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [
        InlineData("max_tokens", "256.0"),
        InlineData("max_tokens", "1e2"),
        InlineData("max_completion_tokens", "256.00"),
        InlineData("n", "2.0"),
        InlineData("best_of", "1e0")
    ]
    public async Task A_call_may_write_its_counts_so(string name, string value)
    {
        var answer = await shared.Hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat", $",\"{name}\":{value}"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Theory, InlineData("7.0", 201), InlineData("7e0", 201), InlineData("7.5", 400)]
    public async Task So_may_the_management_api(string value, int status)
    {
        var caller = await shared.Hub.AddCallerAsync();
        var login = await shared.Hub.Anonymous.PostAsJsonAsync(
            "/api/v1/auth/login",
            new { email = shared.Hub.AdminEmail, password = shared.Hub.AdminPassword }
        );
        using var admin = shared.Hub.NewClient((await login.JsonAsync()).GetProperty("token").GetString());
        var answer = await admin.SendAsync(
            InferenceCalls.Post("/api/v1/admin/rate-limits", $"{{\"api_key_id\":\"{caller.Id}\",\"max_concurrent\":{value}}}")
        );
        Assert.Equal(status, (int)answer.StatusCode);
    }

    private static BigInteger? Exact(string text)
    {
        var at = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = at < 0 ? 0 : int.Parse(text[(at + 1)..], CultureInfo.InvariantCulture);
        var mantissa = at < 0 ? text : text[..at];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        if (exponent >= 0)
        {
            return digits * BigInteger.Pow(10, exponent);
        }
        var whole = BigInteger.DivRem(digits, BigInteger.Pow(10, -exponent), out var rest);
        return rest.IsZero ? whole : null;
    }

    private static Arbitrary<string> Numbers() =>
        (
            from sign in Gen.Elements("", "-")
            from whole in Gen.Elements("0", "1", "10", "25600", "9223372036854775807", "123456789012345678901")
            from fraction in Gen.Elements("", ".0", ".5", ".50", ".000", ".001", ".123456789012345678901")
            from exponent in Gen.Elements("", "e0", "e1", "e-1", "e3", "e-2", "e20", "e-20")
            select sign + whole + fraction + exponent
        ).ToArbitrary();
}
