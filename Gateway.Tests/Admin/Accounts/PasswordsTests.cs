using Gateway.Admin.Accounts;
using Gateway.Core.Configuration;

namespace Gateway.Tests.Admin.Accounts;

public sealed class PasswordsTests
{
    private readonly Passwords _passwords = new(new AccountOptions { PasswordIterations = 1_000 });

    [Theory]
    [InlineData("password123")]
    [InlineData("пароль с пробелами и 🙂")]
    [InlineData("\0nul")]
    public async Task A_password_passes_against_its_own_hash(string password)
    {
        var hash = await _passwords.HashAsync(password, default);

        Assert.StartsWith("$pbkdf2-sha512$i=1000$", hash);
        Assert.True(hash.Length <= 255);
        Assert.Equal(PasswordCheck.Right, await _passwords.CheckAsync(password, hash, default));
        Assert.Equal(PasswordCheck.Wrong, await _passwords.CheckAsync(password + " ", hash, default));
    }

    [Fact]
    public async Task S16_the_whole_password_counts()
    {
        var hash = await _passwords.HashAsync(new string('a', 128), default);
        Assert.Equal(PasswordCheck.Wrong, await _passwords.CheckAsync(new string('a', 127) + "b", hash, default));
    }

    [Fact]
    public async Task The_same_password_hashes_differently_each_time() =>
        Assert.NotEqual(await _passwords.HashAsync("password123", default), await _passwords.HashAsync("password123", default));

    [Fact]
    public async Task A_hash_with_less_work_is_right_but_weak()
    {
        var hash = await new Passwords(new AccountOptions { PasswordIterations = 500 }).HashAsync("password123", default);
        Assert.Equal(PasswordCheck.RightButWeak, await _passwords.CheckAsync("password123", hash, default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("password123")]
    [InlineData("$pbkdf2-sha512$i=0$AAAA$AAAA")]
    [InlineData("$2b$12$abcdefghijklmnopqrstuv")]
    public async Task Without_a_hash_of_ours_every_password_is_wrong(string? stored) =>
        Assert.Equal(PasswordCheck.Wrong, await _passwords.CheckAsync("password123", stored, default));
}
