using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Gateway.Benchmarks.Crash;

/// <summary>
/// Clients that call without a pause, plain and streamed, quick and slow, and write down what they got. While nobody listens they wait and
/// try again.
/// </summary>
internal sealed class CrashClients(IReadOnlyList<string> apiKeys, int count) : IAsyncDisposable
{
    private const string IdHeader = "x-oneui-request-id";
    private const string CostHeader = "x-oneui-cost-usd";

    private static readonly string[] Models = ["gpt-4o-mini", "gpt-4o-mini", "sandbox-slow-chunks-50", "sandbox-slow-first-byte-500"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(30) })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, long?> _whole = new();
    private Task _running = Task.CompletedTask;
    private volatile Uri? _address;
    private int _inFlight;
    private int _refused;
    private int _broken;

    /// <summary>Calls that were sent and have no whole answer yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Calls that the gateway refused.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Calls that broke off.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <summary>Calls whose whole answer came, by the gateway's id, with the cost that the answer named, nano-dollars.</summary>
    public IReadOnlyDictionary<string, long?> Whole => _whole;

    public void Start() =>
        _running = Task.WhenAll(
            Enumerable.Range(0, count).Select(i => Task.Run(() => RunAsync(new Random(i), apiKeys[i % apiKeys.Count])))
        );

    /// <summary>Where the gateway listens; null while it does not.</summary>
    public void Aim(Uri? address) => _address = address;

    /// <summary>No new calls; returns when those in flight have ended.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _http.Dispose();
    }

    private async Task RunAsync(Random random, string apiKey)
    {
        while (!_stop.IsCancellationRequested)
        {
            if (_address is not { } address || !await CallAsync(address, apiKey, Models[random.Next(Models.Length)], random.Next(2) == 0))
            {
                await Task.Delay(20);
            }
        }
    }

    private async Task<bool> CallAsync(Uri address, string apiKey, string model, bool stream)
    {
        var body =
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}],"max_tokens":40,"""
            + $"\"stream\":{(stream ? "true" : "false")}}}";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "v1/chat/completions"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", apiKey);
        Interlocked.Increment(ref _inFlight);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _refused);
                return false;
            }
            // Whole is what a client can use to the end: a plain body of the length announced, or a stream with its last line.
            if (!stream || text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal))
            {
                _whole[answer.Headers.GetValues(IdHeader).Single()] = answer.Headers.TryGetValues(CostHeader, out var cost)
                    ? (long)(decimal.Parse(cost.Single(), CultureInfo.InvariantCulture) * 1_000_000_000m)
                    : null;
            }
            return true;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TaskCanceledException)
        {
            Interlocked.Increment(ref _broken);
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
