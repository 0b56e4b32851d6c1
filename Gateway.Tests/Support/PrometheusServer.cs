using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Gateway.Tests.Support;

/// <summary>
/// A real Prometheus with the repository's own configuration and rules: only the targets are those of the test, and it looks every second.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _client;

    private PrometheusServer(Process process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Starts.</summary>
    /// <param name="targets">Where it scrapes.</param>
    public static async Task<PrometheusServer> StartAsync(params Uri[] targets)
    {
        var program = await PrometheusTools.ServerAsync();
        var folder = Directory.CreateTempSubdirectory("hub-prometheus-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "rules"));
        foreach (var rules in Directory.GetFiles(Path.Combine(Repository.Root, "grafana", "prometheus", "rules")))
        {
            File.Copy(rules, Path.Combine(folder.FullName, "rules", Path.GetFileName(rules)));
        }
        var configuration = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "grafana", "prometheus", "prometheus.yml"));
        var file = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(
            file,
            configuration
                .Replace("\"gateway:8080\"", string.Join(", ", targets.Select(t => $"\"{t.Authority}\"")), StringComparison.Ordinal)
                .Replace("interval: 15s", "interval: 1s", StringComparison.Ordinal)
        );
        var port = FreePort();
        var process = Process.Start(
            new ProcessStartInfo(
                program,
                [
                    $"--config.file={file}",
                    $"--storage.tsdb.path={folder.FullName}/data",
                    $"--web.listen-address=127.0.0.1:{port}",
                    "--enable-feature=exemplar-storage",
                    "--log.level=error",
                ]
            )
            {
                WorkingDirectory = folder.FullName,
            }
        )!;
        var server = new PrometheusServer(process, folder, port);
        await Eventually.TrueAsync(server.IsReadyAsync, "Prometheus is ready");
        return server;
    }

    /// <summary>The value of an instant query: its samples.</summary>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string query)
    {
        var answer = await GetAsync("/api/v1/query", ("query", query));
        return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()];
    }

    /// <summary>The values that a label has on a metric.</summary>
    public async Task<IReadOnlyList<string>> LabelValuesAsync(string metric, string label)
    {
        var answer = await GetAsync($"/api/v1/label/{label}/values", ("match[]", metric));
        return [.. answer.GetProperty("data").EnumerateArray().Select(v => v.GetString()!)];
    }

    /// <summary>Any other question of its API.</summary>
    /// <exception cref="InvalidOperationException">It answers with an error.</exception>
    public async Task<JsonElement> GetAsync(string path, params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent(parameters.Select(p => KeyValuePair.Create(p.Name, p.Value)));
        using var answer = await _client.GetAsync($"{path}?{await form.ReadAsStringAsync()}");
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement
            : throw new InvalidOperationException($"{string.Join(' ', parameters)}: {text}");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The number of a sample.</summary>
    public static double Value(JsonElement sample) =>
        double.Parse(sample.GetProperty("value")[1].GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _client.GetAsync("/-/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
