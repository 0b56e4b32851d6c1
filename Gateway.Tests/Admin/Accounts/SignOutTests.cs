using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Accounts;

[Collection(AdminHubCollection.Name)]
public sealed class SignOutTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task A_sign_out_ends_the_session_from_the_next_request_on(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var elsewhere = await hub.SignInAsync(person.Email, Person.DefaultPassword);

        var answer = await person.Client.SendAsync("POST", "/auth/logout");

        answer.Is(200);
        answer.Body.HasExactly("success", "message");
        Assert.Equal("Logged out successfully", answer.Body.Text("message"));
        (await person.Client.ReadAsync("/me")).IsError(401, "token_revoked");
        (await hub.Anonymous.SendAsync("POST", "/auth/refresh", new { refresh_token = person.RefreshToken })).IsError(
            401,
            "refresh_failed"
        );
        (await elsewhere.Client.ReadAsync("/me")).Is(200);
        (await person.Client.SendAsync("POST", "/auth/logout")).Is(200); // again: nothing more to do
        Assert.Contains(
            await hub.ReadAsync(db => db.AuditLog.Where(a => a.ActorId == person.Id).Select(a => a.Action).ToListAsync()),
            a => a == "auth.logout"
        );
    }

    [Theory, BothDatabases]
    public async Task All_ends_every_session_of_the_user(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var elsewhere = await hub.SignInAsync(person.Email, Person.DefaultPassword);

        (await person.Client.SendAsync("POST", "/auth/logout", new { all = true })).Is(200);

        (await elsewhere.Client.ReadAsync("/me")).IsError(401, "token_revoked");
        Assert.True(
            await hub.ReadAsync(db =>
                db.ChangeLog.AnyAsync(c =>
                    c.EntityType == ChangedEntities.User && c.EntityId == person.Id && c.Revision == db.ChangeLog.Max(l => l.Revision)
                )
            )
        );
    }

    [Fact]
    public async Task A_refresh_token_signs_out_too()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (await hub.Anonymous.SendAsync("POST", "/auth/logout", new { refresh_token = person.RefreshToken })).Is(200);
        (await person.Client.ReadAsync("/me")).IsError(401, "token_revoked");
    }

    [Fact]
    public async Task A_token_of_an_ended_session_ends_no_others()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var elsewhere = await hub.SignInAsync(person.Email, Person.DefaultPassword);
        await person.Client.SendAsync("POST", "/auth/logout");

        (await person.Client.SendAsync("POST", "/auth/logout", new { all = true })).Is(200);

        (await elsewhere.Client.ReadAsync("/me")).Is(200);
    }

    [Fact]
    public async Task Without_a_token_of_ours_it_is_401()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Anonymous.SendAsync("POST", "/auth/logout")).IsError(401, "authorization_required");
        (await hub.Host.NewClient("nonsense").SendAsync("POST", "/auth/logout")).IsError(401, "token_invalid");
        (await hub.Anonymous.SendAsync("POST", "/auth/logout", new { refresh_token = "nonsense" })).IsError(401, "token_invalid");
        (await hub.Anonymous.SendAsync("POST", "/auth/logout", new { all = "yes" })).IsError(400, "validation_failed");
    }

    [Fact]
    public async Task An_expired_token_signs_out()
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        await using var hub = await AdminHub.StartAsync(time: clock);
        clock.Advance(TimeSpan.FromDays(2));
        (await hub.Admin.Client.SendAsync("POST", "/auth/logout")).Is(200);
        (await hub.Anonymous.SendAsync("POST", "/auth/refresh", new { refresh_token = hub.Admin.RefreshToken })).IsError(
            401,
            "refresh_failed"
        );
    }
}
