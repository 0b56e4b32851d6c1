using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Admin.WebConsole;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;

namespace Gateway.Tests.WebConsole;

/// <summary>
/// One run of the console's Playwright tests in Chromium against one running product with people, keys and calls; every xunit row reads its
/// result from here.
/// </summary>
public sealed class ConsoleRun : IAsyncLifetime
{
    private const int Calls = 30;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private TestIssuer _issuer = null!;
    private AdminHub _hub = null!;
    private ProgramRun _run = null!;

    /// <summary>What ran, in the order of its end.</summary>
    internal IReadOnlyList<NodeTest> Tests { get; private set; } = [];

    /// <summary>The run in words, for the message of a failure.</summary>
    internal string Transcript => $"playwright ended with {_run.ExitCode?.ToString() ?? "a kill"}.\n{_run.Output}\n{_run.Errors}";

    public async Task InitializeAsync()
    {
        await Chromium.RequireAsync();
        await ConsoleBuild.RequireAsync();
        _issuer = await TestIssuer.StartAsync();
        _issuer.Page.Claims = [("email", "carol@example.com"), ("email_verified", true)];
        _hub = await AdminHub.StartAsync(
            settings: _issuer.Page.Settings(("ENCRYPTION_KEY", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))),
            configure: builder => builder.Services.AddSingleton(new ConsoleFolder(ConsoleBuild.Output))
        );
        var sandbox = _hub.Host.Sandbox!;
        var customer = await _hub.NewPersonAsync();
        var other = await _hub.NewPersonAsync();
        var support = await _hub.NewPersonAsync(Roles.Support);
        await CallAsync(await NewKeyAsync(customer, "customer's key"), Calls);
        await CallAsync(await NewKeyAsync(_hub.Admin, "admin's key"), Calls);
        var environment = new Dictionary<string, string>
        {
            ["HUB_URL"] = _hub.Host.Address.ToString(),
            ["HUB_REPORTER"] = "./tests/reporter.ts",
            ["HUB_ADMIN"] = _hub.Host.AdminEmail,
            ["HUB_ADMIN_PASSWORD"] = _hub.Host.AdminPassword,
            ["HUB_CUSTOMER"] = customer.Email,
            ["HUB_OTHER"] = other.Email,
            ["HUB_SUPPORT"] = support.Email,
            ["HUB_ISSUER"] = _issuer.Address,
            ["HUB_SANDBOX"] = sandbox.BaseAddress.ToString(),
            ["HUB_SANDBOX_KEY"] = sandbox.ApiKey,
            ["HUB_PASSWORD"] = Person.DefaultPassword,
            ["HUB_PICTURES"] = Environment.GetEnvironmentVariable("HUB_PICTURES") is { Length: > 0 } folder
                ? Path.Combine(Repository.Root, folder)
                : "",
            ["NO_PROXY"] = "*",
            ["FORCE_COLOR"] = "0",
        };
        _run = await ProgramRun.RunAsync("node", ["node_modules/@playwright/test/cli.js", "test"], ConsoleBuild.Folder, Limit, environment);
        Tests =
        [
            .. _run
                .Output.Split('\n')
                .Where(line => line.StartsWith('{'))
                .Select(line => JsonSerializer.Deserialize<NodeTest>(line, Json)!),
        ];
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    private static async Task<string> NewKeyAsync(Person person, string name)
    {
        var made = await person.Client.SendAsync("POST", "/users/me/api-keys", new { name });
        return made.Body.Text("api_key");
    }

    private async Task CallAsync(string key, int count)
    {
        using var client = _hub.Host.NewClient(key);
        foreach (var n in Enumerable.Range(0, count))
        {
            using var answer = await client.PostAsJsonAsync(
                "/v1/chat/completions",
                new { model = n % 3 == 0 ? "gpt-4o" : "gpt-4o-mini", messages = new[] { new { role = "user", content = $"Hello {n}" } } }
            );
            answer.EnsureSuccessStatusCode();
        }
        using var failed = await client.PostAsJsonAsync(
            "/v1/chat/completions",
            new { model = "sandbox-status-400", messages = new[] { new { role = "user", content = "Hello" } } }
        );
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, failed.StatusCode);
    }
}
