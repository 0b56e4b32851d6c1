using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Gateway.Benchmarks.Crash;

/// <summary>The gateway's own program as a process that can be killed.</summary>
internal sealed class HubChild : IDisposable
{
    private const string Announcement = "listens on ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly HttpClient _http;
    private bool _isDisposed;

    private HubChild(Process process, Uri address)
    {
        _process = process;
        Address = address;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<HubChild> StartAsync(string program, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [program, "--environment", "Production", "--Logging:LogLevel:Default=Error"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = settings["DATA_DIR"],
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
        var process = Process.Start(start)!;
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new HubChild(process, await address.Task.WaitAsync(Patience));

        void Take(string? line)
        {
            if (line is null)
            {
                address.TrySetException(new InvalidOperationException("The gateway ended before it listened; what it said stands above."));
            }
            else if (line.IndexOf(Announcement, StringComparison.Ordinal) is var at and >= 0)
            {
                address.TrySetResult(
                    new Uri(line[(at + Announcement.Length)..].Replace("localhost", "127.0.0.1", StringComparison.Ordinal))
                );
            }
            else if (
                !line.Contains("Gateway.Telemetry.CallLog", StringComparison.Ordinal)
                && !line.Contains("\"LogLevel\":\"Information\"", StringComparison.Ordinal)
                && !line.Contains("\"LogLevel\":\"Warning\"", StringComparison.Ordinal)
            )
            {
                Console.Error.WriteLine(line);
            }
        }
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager stops it.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }
        await _process.WaitForExitAsync();
    }

    /// <summary>Reads JSON as a bearer.</summary>
    public async Task<JsonElement> GetAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        return await ReadAsync(await _http.SendAsync(request));
    }

    /// <summary>Posts JSON, as a bearer when there is a token.</summary>
    public async Task<JsonElement> PostAsync(string path, object body, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        return await ReadAsync(await _http.SendAsync(request));
    }

    /// <summary>A sample of <c>/metrics</c>, summed over its labels unless one is named.</summary>
    public async Task<long> MetricAsync(string name, string label = "") =>
        (long)
            (await _http.GetStringAsync("metrics"))
                .Split('\n')
                .Where(line =>
                    line.StartsWith(name, StringComparison.Ordinal)
                    && line[name.Length] is ' ' or '{'
                    && line.Contains(label, StringComparison.Ordinal)
                )
                .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode
                ? JsonElement.Parse(text)
                : throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {text}");
        }
    }
}
