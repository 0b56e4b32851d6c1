using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Gateway.Core.Keys;
using Gateway.Hosting;

namespace Gateway.Tests.Support;

/// <summary>
/// The program in Production as a process of its own, with the sandbox, in a folder where its appsettings.json may stand.
/// </summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const string Announcement = "listens on ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All that it has printed.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>A client with an API key.</summary>
    public HttpClient Client { get; private set; } = null!;

    private const string AdminEmail = "admin@example.org";
    private const string AdminPassword = "a password of the first admin";

    /// <summary>A client of the first admin, signed in.</summary>
    public async Task<HttpClient> SignInAsync()
    {
        using var answer = await Client.PostAsJsonAsync("/api/v1/auth/login", new { email = AdminEmail, password = AdminPassword });
        var client = new HttpClient { BaseAddress = Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (await answer.JsonAsync()).GetProperty("token").GetString()
        );
        return client;
    }

    public static async Task<GatewayProcess> StartAsync(
        DirectoryInfo folder,
        string? program = null,
        IReadOnlyDictionary<string, string>? settings = null
    )
    {
        var key = ApiKeyText.Create();
        var start = new ProcessStartInfo("dotnet", [program ?? typeof(HubProcess).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };
        foreach (
            var (name, value) in new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["SANDBOX"] = "true",
                ["SERVER_PORT"] = "0",
                ["DATA_DIR"] = Path.Combine(folder.FullName, "data"),
                ["JWT_SECRET"] = Base62.Random(48),
                ["ADMIN_EMAIL"] = AdminEmail,
                ["ADMIN_PASSWORD"] = AdminPassword,
                ["HUB_BOOTSTRAP_KEY"] = key.Text,
                ["WARM_UP_SECONDS"] = "0",
                ["PASSWORD_ITERATIONS"] = "1000",
            }
        )
        {
            start.Environment[name] = value;
        }
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        var gateway = new GatewayProcess(Process.Start(start)!);
        var address = await gateway._address.Task.WaitAsync(TimeSpan.FromSeconds(60));
        gateway.Client = new HttpClient { BaseAddress = address };
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }
        _lines.Enqueue(line);
        if (line.IndexOf(Announcement, StringComparison.Ordinal) is var at and >= 0)
        {
            _address.TrySetResult(new Uri(line[(at + Announcement.Length)..].Replace("localhost", "127.0.0.1", StringComparison.Ordinal)));
        }
    }
}
