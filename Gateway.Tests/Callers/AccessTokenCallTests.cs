using System.Net;
using System.Text;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Tokens;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Callers;

/// <summary>The product's own access tokens open <c>/v1</c> too.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class AccessTokenCallTests(SharedHub shared)
{
    private readonly HubHost _hub = shared.Hub;

    private AccessTokens Tokens => _hub.Services.GetRequiredService<AccessTokens>();

    [Fact]
    public async Task An_access_token_opens_a_call_which_is_recorded_without_a_key()
    {
        var (user, session) = await SignInAsync();
        var answer = await CallAsync(Tokens.IssueAccess(user, session.Id));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var record = await _hub.RecordAsync(answer);
        Assert.Equal((user.Id, null), (record.UserId, record.ApiKeyId));
    }

    [Fact]
    public async Task The_token_of_a_revoked_session_is_refused_at_once()
    {
        var (user, session) = await SignInAsync();
        var token = Tokens.IssueAccess(user, session.Id);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(token)).StatusCode);
        await _hub.DecideHereAsync(
            ChangedEntities.Session,
            session.Id,
            null,
            async db => (await db.Sessions.SingleAsync(s => s.Id == session.Id)).RevokedAt = TimeProvider.System.UtcNow()
        );
        await (await CallAsync(token)).AssertRefusedAsync(401, "invalid_request_error", "invalid_token");
    }

    [Fact]
    public async Task The_token_of_a_user_who_was_switched_off_is_refused_at_once()
    {
        var (user, session) = await SignInAsync();
        var token = Tokens.IssueAccess(user, session.Id);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(token)).StatusCode);
        await _hub.ChangeUserAsync(user.Id, u => u.IsActive = false);
        await (await CallAsync(token)).AssertRefusedAsync(403, "permission_error", "account_inactive");
    }

    [Fact]
    public async Task A_refresh_token_opens_nothing()
    {
        var (user, session) = await SignInAsync();
        await AssertRefusedAsync(Tokens.IssueRefresh(user, session.Id, Guid.CreateVersion7().ToString()));
    }

    [Fact]
    public async Task A_token_signed_with_another_secret_is_refused()
    {
        var (user, session) = await SignInAsync();
        await AssertRefusedAsync(new AccessTokens(new TokenOptions(), TimeProvider.System).IssueAccess(user, session.Id));
    }

    [Fact]
    public async Task An_unsigned_token_is_refused()
    {
        var (user, session) = await SignInAsync();
        var payload = Tokens.IssueAccess(user, session.Id).Split('.')[1];
        await AssertRefusedAsync($"{Base64Url("""{"alg":"none","typ":"JWT"}""")}.{payload}.");
    }

    [Fact]
    public async Task A_token_with_a_changed_payload_is_refused()
    {
        var (user, session) = await SignInAsync();
        var parts = Tokens.IssueAccess(user, session.Id).Split('.');
        await AssertRefusedAsync($"{parts[0]}.{Base64Url("""{"sub":"somebody","typ":"access"}""")}.{parts[2]}");
    }

    [Fact]
    public async Task A_token_made_with_the_same_secret_elsewhere_is_accepted()
    {
        var (user, session) = await SignInAsync();
        var elsewhere = new AccessTokens(_hub.Services.GetRequiredService<TokenOptions>(), TimeProvider.System);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(elsewhere.IssueAccess(user, session.Id))).StatusCode);
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        var (user, session) = await SignInAsync();
        var options = _hub.Services.GetRequiredService<TokenOptions>();
        var then = new FixedClock(DateTimeOffset.UtcNow - options.AccessTokenLifetime - TimeSpan.FromMinutes(1));
        await AssertRefusedAsync(new AccessTokens(options, then).IssueAccess(user, session.Id));
    }

    [Fact]
    public async Task Text_of_a_tokens_form_that_is_none_is_refused() => await AssertRefusedAsync("non.sen.se");

    private async Task AssertRefusedAsync(string token) =>
        await (await CallAsync(token)).AssertRefusedAsync(401, "invalid_request_error", "invalid_token");

    private async Task<HttpResponseMessage> CallAsync(string token)
    {
        using var client = _hub.NewClient(token);
        return await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
    }

    private async Task<(User User, Session Session)> SignInAsync()
    {
        var caller = await _hub.AddCallerAsync();
        await using var db = await _hub.Databases.CreateDbContextAsync();
        var now = TimeProvider.System.UtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = caller.UserId,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now.AddDays(1),
        };
        db.Sessions.Add(session);
        await db.SaveChangesAsync();
        return (await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.UserId), session);
    }

    private static string Base64Url(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
