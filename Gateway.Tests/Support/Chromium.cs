using System.Diagnostics;
using System.Text.Json;

namespace Gateway.Tests.Support;

/// <summary>
/// A real browser without a window, installed when missing. It reaches this machine alone. A test that cannot have it fails.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Announcement = "DevTools listening on ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("hub-chromium-");
    private Process _process = null!;
    private HttpClient _client = null!;

    /// <summary>Sees to it that the browser is there, for who starts it otherwise.</summary>
    public static Task RequireAsync() => Installed.Value;

    public async Task InitializeAsync()
    {
        await Installed.Value;
        _process = Process.Start(
            new ProcessStartInfo(
                "chromium",
                [
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
                    "--remote-debugging-port=0",
                    $"--user-data-dir={_profile.FullName}",
                    "about:blank",
                ]
            )
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = _profile.FullName,
            }
        )!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var address = await _address.Task.WaitAsync(StartLimit);
        _client = new HttpClient { BaseAddress = new Uri($"http://{address.Authority}") };
    }

    /// <summary>Opens an address in a tab of its own.</summary>
    internal async Task<BrowserPage> OpenAsync(Uri address)
    {
        using var answer = await _client.PutAsync("/json/new?about:blank", null);
        var tab = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return await BrowserPage.OpenAsync(new Uri(tab.GetProperty("webSocketDebuggerUrl").GetString()!), address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        await Eventually.TrueAsync(TryDeleteProfile, "all of the browser's processes are gone");
    }

    // Its helpers end a moment after it, and write to the last.
    private Task<bool> TryDeleteProfile()
    {
        try
        {
            _profile.Delete(recursive: true);
            return Task.FromResult(true);
        }
        catch (IOException)
        {
            return Task.FromResult(false);
        }
    }

    private void Take(string? line)
    {
        if (line?.StartsWith(Announcement, StringComparison.Ordinal) == true)
        {
            _address.TrySetResult(new Uri(line[Announcement.Length..]));
        }
    }

    private static async Task InstallAsync()
    {
        if (!IsThere())
        {
            await AptPackages.InstallAsync("chromium");
        }
        if (!IsThere())
        {
            throw new InvalidOperationException(
                "Chromium is not installed (looked for chromium in the PATH), and the tests do not do without it."
            );
        }
    }

    private static bool IsThere() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "chromium")));
}
