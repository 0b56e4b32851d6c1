using Gateway.Admin.Accounts;
using Gateway.Core.Configuration;
using Gateway.Tests.Admin.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Accounts;

public sealed class BcryptTests
{
    private readonly Passwords _passwords = new(new AccountOptions { PasswordIterations = 1_000, BcryptMaxCost = 8 });

    // The vectors of crypt_blowfish and jBCrypt.
    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    [InlineData("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")]
    [InlineData(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
        "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"
    )]
    [InlineData("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC")]
    [InlineData("~!@#$%^&*()      ~!@#$%^&*()PNBFRD", "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "$2a$08$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz.")]
    public async Task The_published_vectors_hold(string password, string hash)
    {
        foreach (var version in new[] { "$2a", "$2b", "$2y" })
        {
            Assert.Equal(PasswordCheck.RightButWeak, await _passwords.CheckAsync(password, version + hash[3..], default));
        }
        Assert.Equal(PasswordCheck.Wrong, await _passwords.CheckAsync("x" + password, hash, default));
    }

    [Fact]
    public void Padding_changes_the_work_and_not_the_verdict()
    {
        var hash = BcryptHash.TryParse("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")!;
        Assert.True(hash.Matches("U*U", padToCost: 7));
        Assert.False(hash.Matches("U*U*", padToCost: 7));
    }

    [Fact]
    public void Nobody_has_the_hash_of_nobody() => Assert.False(BcryptHash.OfNobody(4).Matches("", padToCost: 4));

    [Theory]
    [InlineData("$2a$09$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")] // above the option
    [InlineData("$2x$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2a$03$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2a$31$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfx")]
    [InlineData("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYV xe")]
    public async Task A_hash_that_costs_too_much_or_is_none_opens_nothing(string hash) =>
        Assert.Equal(PasswordCheck.Wrong, await _passwords.CheckAsync("a", hash, default));

    [Fact]
    public async Task S16_an_imported_password_that_was_cut_to_60_characters_still_signs_in()
    {
        var password = new string('p', 59) + "q and what the old system threw away";
        var hash = BCrypt.Net.BCrypt.HashPassword(password[..60], workFactor: 4);
        Assert.Equal(PasswordCheck.RightButWeak, await _passwords.CheckAsync(password, hash, default));
        Assert.Equal(PasswordCheck.Wrong, await _passwords.CheckAsync(password[..59], hash, default));
    }

    [
        Theory,
        InlineData("$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
        InlineData("$2y$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")
    ]
    public async Task S16_an_imported_hash_is_replaced_at_the_next_sign_in(string imported)
    {
        await using var hub = await AdminHub.StartAsync();
        var person = await hub.NewPersonAsync();
        await using (var db = await hub.Host.Databases.CreateDbContextAsync())
        {
            await db.Users.Where(u => u.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, imported));
        }
        (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = person.Email, password = "not abc" })).IsError(
            401,
            "invalid_credentials"
        );
        (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = person.Email, password = "abc" })).Is(200);
        Assert.StartsWith(
            "$pbkdf2-sha512$",
            await hub.ReadAsync(db => db.Users.Where(u => u.Id == person.Id).Select(u => u.PasswordHash).SingleAsync()),
            StringComparison.Ordinal
        );
        (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = person.Email, password = "abc" })).Is(200);
    }

    [Fact]
    public async Task S22_with_imported_hashes_about_an_unknown_user_costs_as_much_as_a_known_one()
    {
        const string Imported = "$2a$08$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz.";
        List<long> rounds = [];
        var passwords = new Passwords(new AccountOptions { PasswordIterations = 1_000 })
        {
            MatchBcrypt = (hash, password, pad) =>
            {
                rounds.Add(1L << Math.Max(hash.Cost, pad));
                return hash.Matches(password, pad);
            },
        };
        var own = await passwords.HashAsync("password123", default);
        await passwords.CheckAsync("wrong", own, default);
        Assert.Empty(rounds); // nobody was imported
        await passwords.CheckAsync("wrong", Imported, default);
        await passwords.CheckAsync("wrong", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", default);
        await passwords.CheckAsync("wrong", own, default);
        await passwords.CheckAsync("wrong", stored: null, default);
        Assert.Equal([256, 256, 256, 256], rounds);
        await passwords.CheckAsync(new string('w', 61), stored: null, default);
        await passwords.CheckAsync(new string('w', 61), Imported, default);
        Assert.Equal([256, 256, 256, 256, 256, 256, 256, 256], rounds);
    }
}
