using System.Net;
using System.Net.Security;
using Gateway.Admin;
using Gateway.Admin.OpenApi;
using Gateway.Answers;
using Gateway.Apis;
using Gateway.Apis.Models;
using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Chats;
using Gateway.Core;
using Gateway.Core.Configuration;
using Gateway.Core.Upstreams;
using Gateway.Ledger;
using Gateway.Limits;
using Gateway.Realtime;
using Gateway.Sandbox;
using Gateway.Stored;
using Gateway.Telemetry;
using Gateway.Upstream;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Gateway.Hosting;

/// <summary>Puts the process together: options, services, routes.</summary>
internal static class HubApplication
{
    private const int SmallestHeaderBytes = 4; // "a:" and the end of the line

    /// <summary>Builds the application.</summary>
    /// <param name="builder">The host's builder, with its configuration sources.</param>
    /// <param name="options">The checked options.</param>
    /// <param name="sandbox">The in-process upstream, when it runs.</param>
    public static WebApplication Build(WebApplicationBuilder builder, HubOptions options, SandboxHost? sandbox)
    {
        var upstreams = EnvironmentUpstreams.Of(options.Upstream);
        upstreams = sandbox is null ? upstreams : upstreams.WithSandbox(sandbox.BaseAddress, sandbox.ApiKey);
        ConfigureKestrel(builder, options);
        // It writes whole URLs, and people put secrets into queries. Whatever it may log, it makes an activity of every request for.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Says at every probe what the parts themselves say once
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        CallLogWriter.Add(builder.Logging, builder.Configuration);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Server.ShutdownTimeout);
        builder.Services.AddSingleton(upstreams);
        builder.Services.AddHubCore(options);
        builder.Services.AddLiteLlm(LiteLlmEndpoint.Of(upstreams));
        builder.Services.AddSingleton<IHostLifetime, ProcessLifetime>();
        builder.Services.AddHealth();
        builder.Services.AddTelemetry(options, builder.Configuration);
        builder.Services.AddHttpClient();
        builder.Services.AddHostedService<ChangeFeedService>();
        builder.Services.AddSingleton<ChangeListenerService>();
        builder.Services.AddSingleton<IGauges>(provider => provider.GetRequiredService<ChangeListenerService>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ChangeListenerService>());
        builder.Services.AddHostedService<DatabaseWatchService>();
        builder.Services.AddHostedService<IssuerKeyService>();
        if (options.Server.Role != HubRole.Gateway)
        {
            builder.Services.AddHubAdmin();
        }
        if (options.Server.Role != HubRole.Admin)
        {
            builder.Services.Configure<OpenApiOptions>(
                DocumentServices.DocumentName,
                document => document.AddDocumentTransformer<TrafficDocument>().AddDocumentTransformer<ChatDocument>()
            );
            AddTraffic(builder.Services, options);
        }
        var app = builder.Build();
        // a certificate that cannot be served is told before anything is stored
        _ = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        Map(app, options);
        app.Services.ConnectTelemetry(options);
        return app;
    }

    // Kestrel's own limits stand above ours, so that ours answer in the shape of the API called.
    private static void ConfigureKestrel(WebApplicationBuilder builder, HubOptions options) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // What is above ours is still read to its end, so that a client which sends first and reads then gets its answer; twice as much
            // is cut off.
            kestrel.Limits.MaxRequestBodySize = 2 * Math.Max(options.Body.MaxBodyBytes, options.AdminApi.MaxAdminBodyBytes);
            // Above it the server answers without a body.
            kestrel.Limits.MaxRequestLineSize = Math.Max(128 * 1024, options.Server.MaxUrlBytes * 2);
            kestrel.Limits.MaxRequestHeadersTotalSize = Math.Max(64 * 1024, options.Server.MaxHeaderBytes * 2);
            kestrel.Limits.MaxRequestHeaderCount = kestrel.Limits.MaxRequestHeadersTotalSize / SmallestHeaderBytes;
            kestrel.Limits.MaxRequestBufferSize = Math.Max(1024 * 1024, kestrel.Limits.MaxRequestLineSize);
            kestrel.Limits.MinRequestBodyDataRate = new(options.Body.MinBodyBytesPerSecond, TimeSpan.FromSeconds(5));
            kestrel.Limits.MinResponseDataRate = new(options.Server.MinAnswerBytesPerSecond, TimeSpan.FromSeconds(5));
            var certificate = PemCertificate.Open(
                options.Server,
                kestrel.ApplicationServices.GetRequiredService<ILogger<PemCertificate>>()
            );
            if (options.Server.ServerHost == "localhost")
            {
                if (options.Server.ServerPort == 0)
                {
                    kestrel.Listen(IPAddress.Loopback, 0, listen => UseConnections(listen, certificate));
                }
                else
                {
                    kestrel.ListenLocalhost(options.Server.ServerPort, listen => UseConnections(listen, certificate));
                }
            }
            else
            {
                kestrel.Listen(
                    ListenAddress.Resolve(options.Server.ServerHost, "SERVER_HOST"),
                    options.Server.ServerPort,
                    listen => UseConnections(listen, certificate)
                );
            }
        });

    private static void UseConnections(ListenOptions listen, PemCertificate? certificate)
    {
        if (certificate is not null)
        {
            listen.UseHttps(
                new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ =>
                        ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }),
                }
            );
        }
        BreakableOutput.Use(listen);
    }

    // Services that run stop in the reverse order: the ledger's writer drains what ended calls left before the lock of the node that serves
    // budgets goes to another.
    private static void AddTraffic(IServiceCollection services, HubOptions options)
    {
        services.AddCallers();
        services.AddBodies();
        services.AddLimits();
        services.AddLedger(options);
        services.AddUpstream();
        services.AddAnswers();
        services.AddStored();
        services.AddRealtime();
        services.AddChats();
        services.AddHostedService<MemoryRelease>();
    }

    private static void Map(WebApplication app, HubOptions options)
    {
        app.UseMiddleware<RequestIdMiddleware>();
        if (TelemetryServices.SendsTraces(app.Configuration))
        {
            app.UseMiddleware<TraceMiddleware>();
        }
        app.UseMiddleware<FaultMiddleware>();
        app.UseRouting();
        app.UseHubTransport();
        app.MapHealth();
        app.MapMetrics(options.Telemetry);
        if (options.Server.Role != HubRole.Gateway)
        {
            app.MapHubAdmin();
        }
        if (options.Server.Role != HubRole.Admin)
        {
            app.UseWhen(http => !http.Request.Path.StartsWithSegments("/api"), traffic => traffic.UseMiddleware<RequestLimitsMiddleware>());
            app.MapInference();
            app.MapStoredResponses();
            app.MapConversations();
            app.MapFiles();
            app.MapBatches();
            app.MapRealtime();
            app.MapUnknownPaths();
            app.MapModels();
            app.MapKey();
            var chats = app.MapChatTraffic();
            if (options.Server.Role != HubRole.Gateway)
            {
                chats.RequireHubSignIn();
            }
        }
        app.MapFallback("{*path}", http => http.RefuseAsync(Refusals.UnknownUrl(http.Request.Method, http.Request.Path)));
    }
}
