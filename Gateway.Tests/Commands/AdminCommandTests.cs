using System.Net;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Commands;

/// <summary><c>admin reset-password</c>: works beside a running gateway, on both databases.</summary>
public sealed class AdminCommandTests : IDisposable
{
    private const string NewPassword = "fresh-words-7";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-admin-");
    private string? _url;

    [Theory, BothDatabases]
    public async Task A_new_password_works_at_once_the_old_one_and_all_sessions_do_not_and_it_is_audited(TestDatabase database)
    {
        await using var hub = await StartAsync(database);
        var (email, old) = (hub.AdminEmail, hub.AdminPassword);
        var admin = await SignInAsync(hub, email, old);
        var run = await ResetAsync(hub, ["admin", "reset-password", email.ToUpperInvariant()], NewPassword + "\n");
        Assert.Equal(
            (0, "", $"{email} has a new password, and all its sessions are ended.{Environment.NewLine}"),
            (run.Code, run.Output, run.Errors)
        );

        await Eventually.TrueAsync(
            async () => (await admin.Client.ReadAsync("/me")).Status == HttpStatusCode.Unauthorized,
            "the session is ended"
        );
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(hub, email, old)).Status);
        var again = await SignInAsync(hub, email, NewPassword);
        var entry = (await again.Client.ReadAsync("/admin/audit-logs?action=auth.password_reset")).Raw;
        Assert.Contains("command line", entry, StringComparison.Ordinal);
        Assert.DoesNotContain(NewPassword, entry, StringComparison.Ordinal);
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(
            1,
            await db.AuditLog.CountAsync(a => a.Action == "auth.password_reset" && a.EntityId == admin.Id && a.ActorId == null)
        );
    }

    [Fact]
    public async Task Api_keys_stay_as_they_are()
    {
        await using var hub = await StartAsync();
        Assert.Equal(0, (await ResetAsync(hub, ["admin", "reset-password", "--generate"])).Code);
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task A_generated_password_is_the_only_thing_on_standard_output()
    {
        await using var hub = await StartAsync();
        var run = await ResetAsync(hub, ["admin", "reset-password", "--generate"]);
        Assert.Matches($"^[0-9A-Za-z]{{24}}{Environment.NewLine}$", run.Output);
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(hub, hub.AdminEmail, run.Output.Trim())).Status);
    }

    [Fact]
    public async Task At_a_terminal_the_password_is_asked_for_twice_and_not_shown()
    {
        await using var hub = await StartAsync();
        var answers = new Queue<string>([NewPassword, NewPassword]);
        var run = await ResetAsync(hub, ["admin", "reset-password"], readHidden: answers.Dequeue);
        Assert.Equal(0, run.Code);
        Assert.DoesNotContain(NewPassword, run.Output + run.Errors, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(hub, hub.AdminEmail, NewPassword)).Status);
    }

    [Theory, InlineData("fresh-words-7", "fresh-words-8", "The two passwords differ.")]
    [InlineData("short", "short", "A password has 8 to 128 characters; this one has 5.")]
    public async Task A_slip_of_the_hand_changes_nothing(string first, string second, string fault)
    {
        await using var hub = await StartAsync();
        var answers = new Queue<string>([first, second]);
        var run = await ResetAsync(hub, ["admin", "reset-password"], readHidden: answers.Dequeue);
        Assert.Equal(1, run.Code);
        Assert.Contains(fault, run.Errors, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(hub, hub.AdminEmail, hub.AdminPassword)).Status);
    }

    [Fact]
    public async Task Without_a_line_of_input_nothing_changes()
    {
        await using var hub = await StartAsync();
        var run = await ResetAsync(hub, ["admin", "reset-password"]);
        Assert.Equal(
            (1, "A password has 8 to 128 characters; this one has 0. Nothing was changed. --generate invents one." + Environment.NewLine),
            (run.Code, run.Errors)
        );
    }

    [Fact]
    public async Task An_unknown_account_and_a_choice_of_admins_are_told()
    {
        await using var hub = await StartAsync();
        Assert.Contains(
            "There is no account with the email or username \"nobody@example.org\"",
            (await ResetAsync(hub, ["admin", "reset-password", "nobody@example.org"])).Errors,
            StringComparison.Ordinal
        );
        var admin = await SignInAsync(hub, hub.AdminEmail, hub.AdminPassword);
        (
            await admin.Client.SendAsync(
                "POST",
                "/admin/users",
                new
                {
                    email = "second@example.org",
                    password = NewPassword,
                    role = "admin",
                }
            )
        ).Is(201);
        var run = await ResetAsync(hub, ["admin", "reset-password", "--generate"]);
        Assert.Equal(
            (1, $"There are several admins; name one of them: {hub.AdminEmail}, second@example.org.{Environment.NewLine}"),
            (run.Code, run.Errors)
        );
    }

    [Fact]
    public async Task An_inactive_account_is_told_of()
    {
        await using var hub = await StartAsync();
        var admin = await SignInAsync(hub, hub.AdminEmail, hub.AdminPassword);
        (await admin.Client.SendAsync("POST", "/admin/users", new { email = "away@example.org", password = NewPassword })).Is(201);
        await using var db = await hub.Databases.CreateDbContextAsync();
        await db.Users.Where(u => u.Email == "away@example.org").ExecuteUpdateAsync(set => set.SetProperty(u => u.IsActive, false));
        var run = await ResetAsync(hub, ["admin", "reset-password", "away@example.org", "--generate"]);
        Assert.Equal(0, run.Code);
        Assert.Contains("The account is inactive", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private async Task<HubHost> StartAsync(TestDatabase database = TestDatabase.Sqlite)
    {
        _url = await TestDatabases.CreateAsync(database);
        return await HubHost.StartAsync(
            folder: _folder,
            settings: _url is null ? null : new Dictionary<string, string> { ["DATABASE_URL"] = _url }
        );
    }

    private Task<GatewayCommand> ResetAsync(HubHost hub, string[] words, string input = "", Func<string?>? readHidden = null)
    {
        var settings = new Dictionary<string, string> { ["DATA_DIR"] = _folder.FullName };
        if (_url is not null)
        {
            settings["DATABASE_URL"] = _url;
        }
        return GatewayCommand.RunAsync(words, settings, input, readHidden);
    }

    private static Task<ApiAnswer> LoginAsync(HubHost hub, string email, string password) =>
        hub.Anonymous.SendAsync("POST", "/auth/login", new { email, password });

    private static async Task<Person> SignInAsync(HubHost hub, string email, string password)
    {
        var answer = await LoginAsync(hub, email, password);
        answer.Is(200);
        return new Person(hub, email, answer.Body);
    }
}
