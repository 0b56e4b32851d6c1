using System.Net;
using System.Security.Cryptography;
using Gateway.Sandbox.Catalogue;
using Gateway.Sandbox.Inference;
using Gateway.Sandbox.Ledger;
using Gateway.Sandbox.Management;
using Gateway.Sandbox.Wire;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Sandbox;

/// <summary>A LiteLLM in this process, on a loopback port of its own and spoken to over HTTP.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;
    private int _disposed;

    private SandboxHost(WebApplication app, CancellationTokenSource stopping, string apiKey, SandboxLedger ledger)
    {
        _app = app;
        _stopping = stopping;
        ApiKey = apiKey;
        Ledger = ledger;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>The root, <c>http://127.0.0.1:port/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The key that callers present.</summary>
    public string ApiKey { get; }

    /// <summary>What was given out; the same as <c>GET /sandbox/ledger</c>.</summary>
    public SandboxLedger Ledger { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="options">What the sandbox is.</param>
    /// <param name="time">The clock of every scripted delay and time stamp; the system's when null.</param>
    /// <param name="ct">Gives up the start.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SandboxHost> StartAsync(SandboxOptions options, TimeProvider? time = null, CancellationToken ct = default)
    {
        var apiKey = options.ApiKey ?? "sk-sandbox-" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        var clock = time ?? TimeProvider.System;
        var ledger = new SandboxLedger(options.LedgerCapacity, options.BodyCapacity);
        var stopping = new CancellationTokenSource();
        var app = Build(options);
        Map(app, options, clock, ledger, new SandboxKeys([apiKey, .. options.AdditionalKeys], options.Behaviour), stopping.Token);
        await app.StartAsync(ct);
        return new SandboxHost(app, stopping, apiKey, ledger);
    }

    /// <summary>Ends every open call, then stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }
        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    // The empty builder reads no configuration: the sandbox shares its process with the gateway, whose settings are not for it.
    private static WebApplication Build(SandboxOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, options.Port);
                kestrel.AddServerHeader = false;
                kestrel.AllowSynchronousIO = false;
                kestrel.Limits.KeepAliveTimeout = options.KeepAliveTimeout;
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
            });
        return builder.Build();
    }

    private static void Map(
        WebApplication app,
        SandboxOptions options,
        TimeProvider time,
        SandboxLedger ledger,
        SandboxKeys keys,
        CancellationToken stopping
    )
    {
        var catalogue = new SandboxCatalogue(options);
        app.Use(FrameworkAnswers.Around(options.Behaviour));
        app.UseRouting();
        app.MapInference(new InferenceHandler(options, time, catalogue, ledger, keys, stopping));
        app.MapCatalogue(catalogue, options.Behaviour, keys);
        app.MapHealth(catalogue, options.Behaviour, keys);
        app.MapManagement(options.Behaviour, keys);
        app.MapLedger(ledger, keys);
    }

    // The process that the sandbox lives in obeys signals. The framework's own lifetime would take them, and only the sandbox would end.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
