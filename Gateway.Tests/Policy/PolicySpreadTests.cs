using System.Diagnostics;
using System.Net;
using Gateway.Callers;
using Gateway.Core.Keys;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Hosting;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Policy;

/// <summary>
/// An admin's changes on one node, and calls on another one. Where the database tells, nothing is found by looking: the clock of the node
/// that calls stands still, and its rounds with it.
/// </summary>
public sealed class PolicySpreadTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, string> _settings = new() { ["JWT_SECRET"] = Base62.Random(48) };
    private HubHost _office = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _settings["DATABASE_URL"] = await PostgresServer.CreateDatabaseAsync();
        _office = await HubHost.StartAsync(settings: With(("HUB_ROLE", "admin")));
        _admin = (await AdminHub.SignInAsync(_office, _office.AdminEmail, _office.AdminPassword)).Client;
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _office.DisposeAsync();
    }

    [Fact]
    public async Task A_new_key_works_at_once_and_a_deleted_one_dies_when_the_database_tells()
    {
        await using var traffic = await StartTrafficAsync();
        for (var i = 0; i < 5; i++)
        {
            var created = await _admin.SendAsync("POST", "/users/me/api-keys", new { name = $"key {i}" });
            created.Is(201);
            using var client = traffic.NewClient(created.Body.Text("api_key"));
            using var first = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            Assert.True((int)(await _admin.SendAsync("DELETE", $"/api-keys/{created.Body.Text("id")}")).Status < 300);
            await StatusWithinAsync(client, HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task A_key_that_was_unknown_a_moment_ago_works_when_it_is_made()
    {
        await using var traffic = await StartTrafficAsync();
        var key = ApiKeyText.Create();
        using var client = traffic.NewClient(key.Text);
        using var stranger = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        await _office.DecideHereAsync(
            ChangedEntities.ApiKey,
            "imported",
            key.PublicId,
            async db =>
                db.ApiKeys.Add(
                    new ApiKey
                    {
                        Id = Guid.CreateVersion7().ToString(),
                        UserId = await db.Users.Where(u => u.Email == _office.AdminEmail).Select(u => u.Id).SingleAsync(),
                        Name = "imported",
                        PublicId = key.PublicId,
                        SecretHash = key.SecretHash,
                        Preview = key.Preview,
                        IsActive = true,
                        CreatedAt = DateTime.UtcNow,
                        UpdatedAt = DateTime.UtcNow,
                    }
                )
        );
        await StatusWithinAsync(client, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lowered_limit_and_a_disabled_model_hold_when_the_database_tells()
    {
        await using var traffic = await StartTrafficAsync();
        var caller = await _office.AddCallerAsync();
        using var client = traffic.NewClient(caller.Text);
        using var before = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await _office.AddKeyRateLimitAsync(caller, l => l.RequestsPerDay = 1);
        await StatusWithinAsync(client, HttpStatusCode.TooManyRequests);

        using var another = traffic.NewClient((await _office.AddCallerAsync()).Text);
        using var allowed = await another.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        (
            await _admin.SendAsync(
                "PUT",
                $"/admin/models/{_office.ModelId("sandbox-chat")}",
                new { model_config = new { is_enabled = false } }
            )
        ).Is(200);
        await StatusWithinAsync(another, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_revoked_key_dies_within_a_second_while_nobody_can_listen_and_the_listener_comes_back()
    {
        await using var wire = new TcpRelay(new Uri(_settings["DATABASE_URL"].Split('?')[0]).Port);
        var name = new Uri(_settings["DATABASE_URL"].Split('?')[0]).AbsolutePath;
        await using var traffic = await HubHost.StartAsync(
            settings: With(("HUB_ROLE", "gateway"), ("DATABASE_LISTEN_URL", $"postgres://postgres@127.0.0.1:{wire.Port}{name}"))
        );
        var listener = traffic.Services.GetRequiredService<ChangeListenerService>();
        await Eventually.TrueAsync(() => Task.FromResult(listener.Listens), "it listens");
        wire.Cut();
        await Eventually.TrueAsync(() => Task.FromResult(!listener.Listens), "it hears that the wire is cut");
        Assert.True((await MetricsText.ScrapeAsync(traffic)).Samples.Single(s => s.Name == "oneui_policy_deaf_seconds").Value > 0);
        var caller = await _office.AddCallerAsync();
        using var client = traffic.NewClient(caller.Text);
        using var first = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await _office.ChangeKeyAsync(caller, k => k.IsActive = false);
        await StatusWithinAsync(client, HttpStatusCode.Unauthorized);
        wire.Mend();
        await Eventually.TrueAsync(() => Task.FromResult(listener.Listens), "it listens again");
    }

    [Fact]
    public async Task What_was_committed_while_nobody_listened_is_read_when_the_listener_is_back()
    {
        await using var wire = new TcpRelay(new Uri(_settings["DATABASE_URL"].Split('?')[0]).Port);
        var name = new Uri(_settings["DATABASE_URL"].Split('?')[0]).AbsolutePath;
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var traffic = await HubHost.StartAsync(
            settings: With(
                ("HUB_ROLE", "gateway"),
                ("CHANGE_POLL_MS", "1000"), // so that nothing is found by looking in the half second that passes
                ("DATABASE_LISTEN_URL", $"postgres://postgres@127.0.0.1:{wire.Port}{name}")
            ),
            time: time
        );
        var listener = traffic.Services.GetRequiredService<ChangeListenerService>();
        var feed = traffic.Services.GetRequiredService<ChangeFeed>();
        await Eventually.TrueAsync(() => Task.FromResult(listener.Listens), "it listens");
        wire.Cut();
        await Eventually.TrueAsync(() => Task.FromResult(!listener.Listens), "it hears that the wire is cut");
        await _office.AddCallerAsync();
        var made = _office.Services.GetRequiredService<ChangeFeed>().Revision;
        Assert.True(feed.Revision < made);
        wire.Mend();
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100)); // the next try
        }
        await Eventually.TrueAsync(() => Task.FromResult(feed.Revision == made), "it has read what it missed");
        Assert.True(listener.Listens);
    }

    [Fact]
    public async Task A_session_ends_everywhere_with_its_user_and_those_of_others_stay_in_memory()
    {
        await using var traffic = await StartTrafficAsync();
        var (first, second) = (await NewPersonAsync(), await NewPersonAsync());
        using var ended = traffic.NewClient(first.AccessToken);
        using var stays = traffic.NewClient(second.AccessToken);
        Assert.Equal(HttpStatusCode.OK, (await ended.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stays.GetAsync("/v1/models")).StatusCode);
        var callers = traffic.Services.GetRequiredService<CallerDirectory>();
        Assert.Equal(2, callers.SessionsInMemory);

        await _office.DecideHereAsync(
            ChangedEntities.User,
            first.Id,
            null,
            db => db.Sessions.Where(s => s.UserId == first.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, DateTime.UtcNow))
        );

        var clock = Stopwatch.StartNew();
        while ((await ended.GetAsync("/v1/models")).StatusCode == HttpStatusCode.OK)
        {
            Assert.True(clock.Elapsed < Second, "It is still let in.");
        }
        Assert.Equal(2, callers.SessionsInMemory); // nobody else's was dropped
        Assert.Equal(HttpStatusCode.OK, (await stays.GetAsync("/v1/models")).StatusCode);
    }

    private async Task<Person> NewPersonAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        (await _admin.SendAsync("POST", "/admin/users", new { email, password = Person.DefaultPassword })).Is(201);
        return await AdminHub.SignInAsync(_office, email, Person.DefaultPassword);
    }

    private Dictionary<string, string> With(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(_settings);
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }
        return settings;
    }

    private async Task<HubHost> StartTrafficAsync()
    {
        var hub = await HubHost.StartAsync(settings: With(("HUB_ROLE", "gateway")), time: new ManualTimeProvider(DateTimeOffset.UtcNow));
        var listener = hub.Services.GetRequiredService<ChangeListenerService>();
        await Eventually.TrueAsync(() => Task.FromResult(listener.Listens), "it listens");
        return hub;
    }

    private static async Task StatusWithinAsync(HttpClient client, HttpStatusCode expected)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
            if (answer.StatusCode == expected)
            {
                return;
            }
            Assert.True(clock.Elapsed < Second, $"It still answers {answer.StatusCode}.");
        }
    }
}
