using System.Net;
using System.Net.Http.Headers;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Accounts;

/// <summary>Section 4.2.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class RefreshTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task By_header_then_by_body_then_the_one_before_ends_the_session(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var byHeader = await person.Client.SendAsync("POST", "/auth/refresh");
        byHeader.Is(200);
        byHeader.Body.HasExactly("token", "access_token", "refresh_token", "token_type", "expires_in", "refresh_expires_in", "user");
        var byBody = await RefreshAsync(hub, byHeader.Body.Text("refresh_token"));
        byBody.Is(200);
        (await hub.Host.NewClient(byBody.Body.Text("token")).ReadAsync("/me")).Is(200);

        var reused = await RefreshAsync(hub, byHeader.Body.Text("refresh_token"));
        reused.IsError(401, "refresh_token_reused");
        Assert.Equal("Failed to refresh token", reused.Body.Text("error"));
        (await RefreshAsync(hub, byBody.Body.Text("refresh_token"))).IsError(401, "refresh_failed");
        (await hub.Host.NewClient(byBody.Body.Text("token")).ReadAsync("/me")).IsError(401, "token_revoked");
    }

    [Fact]
    public async Task A_reuse_is_audited_and_told_to_other_nodes()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        await RefreshAsync(hub, person.RefreshToken);
        await RefreshAsync(hub, person.RefreshToken);

        var session = await hub.ReadAsync(db => db.Sessions.SingleAsync(s => s.UserId == person.Id));
        Assert.Equal("refresh_token_reused", session.RevokeReason);
        Assert.Equal("auth.refresh_reused", (await hub.AuditOfAsync(session.Id)).Single().Action);
        Assert.True(
            await hub.ReadAsync(db => db.ChangeLog.AnyAsync(c => c.EntityType == ChangedEntities.Session && c.EntityId == session.Id))
        );
    }

    [Theory, BothDatabases]
    public async Task Of_parallel_uses_of_one_token_exactly_one_succeeds(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(hub, person.RefreshToken)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.Is(401));
        Assert.Equal(
            2,
            await hub.ReadAsync(db => db.RefreshTokens.CountAsync(t => db.Sessions.Any(s => s.Id == t.SessionId && s.UserId == person.Id)))
        );
    }

    [Theory, BothDatabases]
    public async Task Parallel_refreshes_by_access_token_follow_one_another(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => person.Client.SendAsync("POST", "/auth/refresh")));

        Assert.All(answers, a => a.Is(200));
        Assert.Equal(
            1,
            await hub.ReadAsync(db =>
                db.RefreshTokens.CountAsync(t => t.UsedAt == null && db.Sessions.Any(s => s.Id == t.SessionId && s.UserId == person.Id))
            )
        );
    }

    [Fact]
    public async Task The_previous_access_token_stays_valid()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (await RefreshAsync(hub, person.RefreshToken)).Is(200);

        (await person.Client.ReadAsync("/me")).Is(200);
    }

    [Fact]
    public async Task A_refresh_token_in_the_header_works_too_and_the_body_decides_over_it()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var refreshClient = hub.Host.NewClient(person.RefreshToken);

        (await refreshClient.SendAsync("POST", "/auth/refresh", new { refresh_token = "nonsense" })).IsError(401, "refresh_failed");
        (await refreshClient.SendAsync("POST", "/auth/refresh", new { })).Is(200);
    }

    [Fact]
    public async Task An_access_token_in_the_body_does_not_refresh()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await RefreshAsync(hub, hub.Admin.AccessToken)).IsError(401, "refresh_failed");
    }

    [Fact]
    public async Task Without_a_token_it_says_what_is_missing()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Anonymous.SendAsync("POST", "/auth/refresh")).IsError(401, "authorization_required");
        (
            await hub.Anonymous.SendAsync(
                "POST",
                "/auth/refresh",
                adjust: r => r.Headers.Authorization = new AuthenticationHeaderValue("Basic", "x")
            )
        ).IsError(401, "authorization_malformed");
        (await hub.Host.NewClient("nonsense").SendAsync("POST", "/auth/refresh")).IsError(401, "refresh_failed");
        (await hub.Anonymous.SendAsync("POST", "/auth/refresh", new { refresh_token = 5 })).IsError(400, "validation_failed");
    }

    [Fact]
    public async Task A_deactivated_user_is_told_so()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { is_active = false });

        (await RefreshAsync(hub, person.RefreshToken)).IsError(403, "account_inactive");
    }

    [Fact]
    public async Task An_access_token_refreshes_for_an_hour_after_its_end()
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        await using var hub = await AdminHub.StartAsync(time: clock);
        clock.Advance(TimeSpan.FromHours(24.9));
        var answer = await hub.Admin.Client.SendAsync("POST", "/auth/refresh");
        answer.Is(200);
        var client = hub.Host.NewClient(answer.Body.Text("token"));
        clock.Advance(TimeSpan.FromHours(25.1));
        (await client.SendAsync("POST", "/auth/refresh")).IsError(401, "refresh_failed");
    }

    [Fact]
    public async Task A_session_ends_thirty_days_after_the_sign_in_however_often_it_is_refreshed()
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        await using var hub = await AdminHub.StartAsync(time: clock);
        var token = hub.Admin.RefreshToken;
        var lifetime = 0d;
        for (var day = 0; day < 30; day += 6)
        {
            var answer = await RefreshAsync(hub, token);
            answer.Is(200);
            (token, lifetime) = (answer.Body.Text("refresh_token"), (double)answer.Body.Number("refresh_expires_in"));
            clock.Advance(TimeSpan.FromDays(6));
        }
        Assert.Equal(6 * 86_400d, lifetime, tolerance: 60d); // the session's end, not another week
        (await RefreshAsync(hub, token)).IsError(401, "refresh_failed");
    }

    [Fact]
    public async Task A_refresh_token_ends_unused_after_a_week()
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        await using var hub = await AdminHub.StartAsync(time: clock);
        clock.Advance(TimeSpan.FromHours(168.1));
        (await RefreshAsync(hub, hub.Admin.RefreshToken)).IsError(401, "refresh_failed");
    }

    private static Task<ApiAnswer> RefreshAsync(AdminHub hub, string token) =>
        hub.Anonymous.SendAsync("POST", "/auth/refresh", new { refresh_token = token });
}
