using Gateway.Core.Keys;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Tokens;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Access;

/// <summary>Section 1.5: what counts as a token.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class AccessTokenTests(AdminHubs hubs)
{
    [Theory]
    [InlineData("", "authorization_required")]
    [InlineData("Bearer", "authorization_malformed")]
    [InlineData("Basic abc", "authorization_malformed")]
    [InlineData("Bearer a b", "authorization_malformed")]
    [InlineData("token", "authorization_malformed")]
    [InlineData("Bearer abc", "token_invalid")]
    [InlineData("Bearer a.b.c", "token_invalid")]
    public async Task A_header_of_another_form_is_401(string header, string code)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Anonymous.SendAsync("GET", "/me", adjust: r => r.Headers.TryAddWithoutValidation("Authorization", header));

        answer.IsError(401, code);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task The_scheme_counts_in_any_case()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (
            await hub.Anonymous.SendAsync(
                "GET",
                "/me",
                adjust: r => r.Headers.TryAddWithoutValidation("Authorization", "bEARER " + hub.Admin.AccessToken)
            )
        ).Is(200);
    }

    [Fact]
    public async Task A_token_in_the_query_is_not_accepted()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Anonymous.ReadAsync($"/me?token={hub.Admin.AccessToken}&access_token={hub.Admin.AccessToken}")).IsError(
            401,
            "authorization_required"
        );
    }

    [Fact]
    public async Task An_api_key_is_no_token_here()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        foreach (var key in new[] { hub.Host.ApiKey, ApiKeyText.Create().Text, "sk-anything" })
        {
            (await hub.Host.NewClient(key).ReadAsync("/me")).IsError(401, "token_invalid");
        }
    }

    [Fact]
    public async Task A_refresh_token_opens_no_route()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Host.NewClient(hub.Admin.RefreshToken).ReadAsync("/me")).IsError(401, "token_invalid");
    }

    [Fact]
    public async Task A_token_signed_by_somebody_else_is_invalid()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var parts = hub.Admin.AccessToken.Split('.');
        var forged = $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}";
        (await hub.Host.NewClient(forged).ReadAsync("/me")).IsError(401, "token_invalid");
    }

    [Fact]
    public async Task S8_the_role_comes_from_the_database_not_from_the_token()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var customer = await hub.NewPersonAsync();
        await using (var db = await hub.Host.Databases.CreateDbContextAsync())
        {
            var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == customer.Id);
            var session = await db.Sessions.SingleAsync(s => s.UserId == customer.Id);
            user.Role = Roles.Admin;
            var token = hub.Host.Services.GetRequiredService<AccessTokens>().IssueAccess(user, session.Id);
            (await hub.Host.NewClient(token).ReadAsync("/admin/users")).IsError(403, "forbidden");
        }
    }

    [Fact]
    public async Task A_token_of_a_session_that_does_not_exist_is_revoked()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        await using var db = await hub.Host.Databases.CreateDbContextAsync();
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == hub.Admin.Id);
        var token = hub.Host.Services.GetRequiredService<AccessTokens>().IssueAccess(user, Guid.NewGuid().ToString());
        (await hub.Host.NewClient(token).ReadAsync("/me")).IsError(401, "token_revoked");
    }

    [Fact]
    public async Task An_access_token_ends_with_its_time()
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        await using var hub = await AdminHub.StartAsync(time: clock);
        clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(20));
        (await hub.Admin.Client.ReadAsync("/me")).Is(200); // within the clocks' skew
        clock.Advance(TimeSpan.FromSeconds(20));
        (await hub.Admin.Client.ReadAsync("/me")).IsError(401, "token_expired");
    }

    [Fact]
    public async Task Public_routes_ignore_the_header()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub
            .Host.NewClient("stale")
            .SendAsync("POST", "/auth/login", new { email = hub.Admin.Email, password = "wrong" });
        answer.IsError(401, "invalid_credentials");
    }
}
