using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Sandbox.Providers;

/// <summary>
/// A provider's server on a loopback port: it wants its own header with the key, answers eight words, tells usage where the provider does,
/// and refuses in the provider's words. What the real ones do beyond that is not played.
/// </summary>
public sealed class ProviderHost : IAsyncDisposable
{
    /// <summary>The kinds that can be played.</summary>
    public static readonly IReadOnlyList<string> Kinds =
    [
        "openai",
        "anthropic",
        "google",
        "yandex",
        "openai_compatible",
        "generate_ndjson",
    ];

    private const int MostCalls = 10_000;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ProviderCall> _calls = new();
    private int _openSessions;

    private ProviderHost(WebApplication app, string apiKey) => (_app, ApiKey) = (app, apiKey);

    /// <summary>The root, <c>http://127.0.0.1:port/</c>: as the provider's own address is given without a version.</summary>
    public Uri BaseAddress => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The key that callers present.</summary>
    public string ApiKey { get; }

    /// <summary>A status that every call is refused with; 0: the connection breaks before any answer; null: none.</summary>
    public int? FailsWith { get; set; }

    /// <summary>Whether every call waits until its caller gives up.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What every call is answered with, as 200; null: with what it asks for.</summary>
    public string? Says { get; set; }

    /// <summary>Whether the connection breaks within <see cref="Says"/>.</summary>
    public bool BreaksOff { get; set; }

    /// <summary>What came, the oldest first; lists of models too.</summary>
    public IReadOnlyList<ProviderCall> Calls => [.. _calls];

    /// <summary>Sessions over WebSockets that are open.</summary>
    public int OpenSessions => Volatile.Read(ref _openSessions);

    /// <summary>Starts listening.</summary>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ProviderHost> StartAsync(ProviderOptions options, CancellationToken cancellationToken = default)
    {
        var apiKey = options.ApiKey ?? "sk-" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        ProviderForm form = options.Kind switch
        {
            "openai" => new OpenAiProvider(options, apiKey),
            "anthropic" => new AnthropicProvider(options, apiKey),
            "google" => new GoogleProvider(options, apiKey),
            "yandex" => new YandexProvider(options, apiKey),
            "openai_compatible" => new CompatibleProvider(options, apiKey),
            "generate_ndjson" => new GenerateProvider(options, apiKey),
            _ => throw new ArgumentException($"\"{options.Kind}\" is no kind of provider; there are {string.Join(", ", Kinds)}."),
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, options.Port);
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = null;
            });
        var app = builder.Build();
        var host = new ProviderHost(app, apiKey);
        app.UseWebSockets();
        app.Run(http => host.AnswerAsync(http, form));
        await app.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http, ProviderForm form)
    {
        using var kept = new MemoryStream();
        if (!http.WebSockets.IsWebSocketRequest) // its body is the session itself
        {
            await http.Request.Body.CopyToAsync(kept, http.RequestAborted);
        }
        var body = Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
        kept.Position = 0;
        http.Request.Body = kept; // forms are read as forms
        var headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
        _calls.Enqueue(new ProviderCall(http.Request.Method, http.Request.Path + http.Request.QueryString, headers, body));
        if (FailsWith == 0)
        {
            http.Abort();
            return;
        }
        if (IsSilent || Says is not null)
        {
            await MisbehaveAsync(http);
            return;
        }
        while (_calls.Count > MostCalls && _calls.TryDequeue(out _)) { }
        var isSession = http.WebSockets.IsWebSocketRequest ? 1 : 0;
        Interlocked.Add(ref _openSessions, isSession);
        try
        {
            await form.AnswerAsync(http, body, FailsWith);
        }
        finally
        {
            Interlocked.Add(ref _openSessions, -isSession);
        }
    }

    private async Task MisbehaveAsync(HttpContext http)
    {
        if (IsSilent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        var text = Encoding.UTF8.GetBytes(Says!);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = text.Length + (BreaksOff ? 1 : 0);
        await http.Response.Body.WriteAsync(text, http.RequestAborted);
        if (BreaksOff)
        {
            await http.Response.Body.FlushAsync(http.RequestAborted);
            http.Abort();
        }
    }

    // The process that it lives in obeys signals.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
