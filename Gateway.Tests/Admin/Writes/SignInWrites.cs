using System.Net;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>Registration, sessions and the own account.</summary>
internal static class SignInWrites
{
    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["POST /auth/register"] = async (world, _) =>
            {
                var email = $"{WriteWorld.Name()}@example.com";
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Hub.Anonymous,
                    "POST",
                    "/auth/register",
                    _ => new { email, password = Person.DefaultPassword },
                    "email_taken"
                );
                Assert.Equal(1, await world.ReadAsync(db => db.Users.CountAsync(u => u.Email == email)));
            },
            ["POST /auth/login"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.AllSucceedAsync(
                    world.Hub.Anonymous,
                    "POST",
                    "/auth/login",
                    _ => new { email = person.Email, password = Person.DefaultPassword }
                );
                Assert.Equal(
                    1 + WriteWorld.Calls,
                    await world.ReadAsync(db => db.Sessions.CountAsync(s => s.UserId == person.Id && s.RevokedAt == null))
                );
            },
            ["POST /auth/refresh"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Hub.Anonymous,
                    "POST",
                    "/auth/refresh",
                    _ => new { refresh_token = person.RefreshToken },
                    "refresh_token_reused",
                    "refresh_failed"
                );
                Assert.Equal(
                    2,
                    await world.ReadAsync(db =>
                        db.RefreshTokens.CountAsync(t => db.Sessions.Any(s => s.Id == t.SessionId && s.UserId == person.Id))
                    )
                );
                // Two parties hold one token
                Assert.Equal(0, await world.ReadAsync(db => db.Sessions.CountAsync(s => s.UserId == person.Id && s.RevokedAt == null)));
            },
            ["POST /auth/logout"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.AllSucceedAsync(person.Client, "POST", "/auth/logout");
                Assert.Equal(0, await world.ReadAsync(db => db.Sessions.CountAsync(s => s.UserId == person.Id && s.RevokedAt == null)));
            },
            ["POST /auth/session"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                using var browser = Browser(world, cookie: null);
                await WriteWorld.AllSucceedAsync(
                    browser,
                    "POST",
                    "/auth/session",
                    _ => new { email = person.Email, password = Person.DefaultPassword }
                );
                Assert.Equal(
                    1 + WriteWorld.Calls,
                    await world.ReadAsync(db => db.Sessions.CountAsync(s => s.UserId == person.Id && s.RevokedAt == null))
                );
            },
            ["POST /auth/session/refresh"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                using var browser = Browser(world, person.RefreshToken);
                var answers = await WriteWorld.AtOnceAsync(browser, "POST", "/auth/session/refresh");
                // The cookie is good once, and a moment later for its successor, once
                Assert.InRange(answers.Count(a => a.Status == HttpStatusCode.OK), 1, 2);
                Assert.All(
                    answers.Where(a => a.Status != HttpStatusCode.OK),
                    a => Assert.Contains(a.Code, new[] { "refresh_token_reused", "refresh_failed" })
                );
                Assert.Equal(0, await world.ReadAsync(db => db.Sessions.CountAsync(s => s.UserId == person.Id && s.RevokedAt == null)));
            },
            ["DELETE /auth/session"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                using var browser = Browser(world, person.RefreshToken);
                await WriteWorld.AllSucceedAsync(browser, "DELETE", "/auth/session");
                Assert.Equal(0, await world.ReadAsync(db => db.Sessions.CountAsync(s => s.UserId == person.Id && s.RevokedAt == null)));
            },
            ["POST /auth/guest"] = async (world, _) =>
            {
                var guests = await WriteWorld.AllSucceedAsync(world.Hub.Anonymous, "POST", "/auth/guest");
                Assert.Equal(WriteWorld.Calls, guests.Select(g => g.Body.Text("guest_id")).Distinct().Count());
            },
            ["PUT|PATCH /users/me"] = async (world, method) =>
            {
                var person = await world.Hub.NewPersonAsync();
                var phone = WriteWorld.Name()[..15];
                await WriteWorld.AllSucceedAsync(
                    person.Client,
                    method,
                    "/users/me",
                    i => i % 2 == 0 ? new { name = "kept" } : new { phone }
                );
                var user = await world.ReadAsync(db => db.Users.SingleAsync(u => u.Id == person.Id));
                Assert.Equal(("kept", phone), (user.Name, user.Phone));
            },
            ["POST /users/me/password"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                var winner = Assert.Single(
                    await IndexedAsync(
                        person.Client,
                        "/users/me/password",
                        i => new { old_password = Person.DefaultPassword, new_password = $"password-{i}" }
                    )
                );
                await world.Hub.SignInAsync(person.Email, $"password-{winner}");
                Assert.Equal(
                    1,
                    await world.ReadAsync(db => db.AuditLog.CountAsync(a => a.EntityId == person.Id && a.Action == "auth.password_changed"))
                );
            },
            ["POST /users/{user_id}/tier/check"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await world.Hub.WriteAsync(
                    new UserAccount
                    {
                        UserId = person.Id,
                        TotalSpentNanoUsd = 1_000_000_000_000_000,
                        UpdatedAt = DateTime.UtcNow.AddDays(-1),
                    }
                ); // not seen by the service that looks at new charges
                var answers = await WriteWorld.AllSucceedAsync(person.Client, "POST", "/users/me/tier/check");
                Assert.Equal(1, answers.Count(a => a.Body.At("upgraded").GetBoolean()));
                Assert.Single(answers.Select(a => a.Body.Text("tier.id")).Distinct());
            },
        };

    // Which of the calls succeeded: the answer does not say it.
    // A page of the console: its session stands in a cookie.
    private static HttpClient Browser(WriteWorld world, string? cookie)
    {
        var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = world.Hub.Host.Address };
        browser.DefaultRequestHeaders.Add("X-Requested-With", "console");
        if (cookie is not null)
        {
            browser.DefaultRequestHeaders.Add("Cookie", "hub_session=" + cookie);
        }
        return browser;
    }

    private static async Task<List<int>> IndexedAsync(HttpClient client, string path, Func<int, object> body)
    {
        var answers = await WriteWorld.AtOnceAsync(client, "POST", path, body);
        return [.. answers.Index().Where(a => (int)a.Item.Status == 200).Select(a => a.Index)];
    }
}
