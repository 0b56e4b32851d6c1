using System.Net;
using System.Net.Security;
using Gateway.Admin;
using Gateway.Limits.Rates;
using Gateway.Callers;
using Gateway.Limits.Bound;
using Gateway.Limits.Budgets;
using Gateway.Ledger;
using Gateway.Core;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Quotas;
using Gateway.Calls;
using Gateway.Upstream;
using Gateway.Telemetry;
using Gateway.Telemetry.Exposition;
using Gateway.Bodies;
using Gateway.Answers;
using Gateway.Sandbox;
using Gateway.Limits;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Hosting;

/// <summary>Puts the process together: options, services, routes.</summary>
internal static class HubApplication
{
    private const int SmallestHeaderBytes = 4;   // "a:" and the end of the line

    /// <summary>Builds the application.</summary>
    /// <param name="builder">The host's builder, with its configuration sources.</param>
    /// <param name="options">The checked options.</param>
    /// <param name="sandbox">The in-process upstream, when it runs.</param>
    public static WebApplication Build(WebApplicationBuilder builder, HubOptions options, SandboxHost? sandbox)
    {
        IReadOnlyList<Uri> upstreams = sandbox is null ? [.. options.LiteLlmBaseUrls.Select(UpstreamRoutes.BaseOf)] : [sandbox.BaseAddress];
        var credential = sandbox?.ApiKey ?? options.LiteLlmApiKey;
        ConfigureKestrel(builder, options);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);   // writes whole URLs, and people put secrets into queries
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.Services.AddHubCore(options);
        builder.Services.AddLiteLlm(new LiteLlmEndpoint { BaseAddress = upstreams.Count > 0 ? upstreams[0] : null, ApiKey = credential });
        builder.Services.AddSingleton(new UpstreamAddresses(upstreams));
        builder.Services.AddSingleton<IHostLifetime, ProcessLifetime>();
        builder.Services.AddSingleton<HubReadiness>();
        builder.Services.AddSingleton<HealthChecks>();
        builder.Services.AddTelemetry();
        builder.Services.AddHttpClient();
        builder.Services.AddHostedService<ChangeFeedService>();
        builder.Services.AddHostedService<DatabaseWatchService>();
        builder.Services.AddHostedService<IssuerKeyService>();
        if (options.Role != HubRole.Gateway)
        {
            builder.Services.AddHubAdmin();
        }
        if (options.Role != HubRole.Admin)
        {
            AddTraffic(builder.Services, options, upstreams, new UpstreamCredential(credential));
        }
        var app = builder.Build();
        _ = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;   // a certificate that cannot be served is told before anything is stored
        Map(app, options);
        TelemetryExport.Connect(app.Services, options);
        return app;
    }

    // Kestrel's own limits stand above ours, so that ours answer in the shape of the API called.
    private static void ConfigureKestrel(WebApplicationBuilder builder, HubOptions options) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // What is above ours is still read to its end, so that a client which sends first and reads then gets its answer; twice as much is cut off.
            kestrel.Limits.MaxRequestBodySize = 2 * Math.Max(options.MaxBodyBytes, options.MaxAdminBodyBytes);
            kestrel.Limits.MaxRequestLineSize = Math.Max(128 * 1024, options.MaxUrlBytes * 2);   // above it the server answers without a body
            kestrel.Limits.MaxRequestHeadersTotalSize = Math.Max(64 * 1024, options.MaxHeaderBytes * 2);
            kestrel.Limits.MaxRequestHeaderCount = kestrel.Limits.MaxRequestHeadersTotalSize / SmallestHeaderBytes;
            kestrel.Limits.MaxRequestBufferSize = Math.Max(1024 * 1024, kestrel.Limits.MaxRequestLineSize);
            kestrel.Limits.MinRequestBodyDataRate = new(options.MinBodyBytesPerSecond, TimeSpan.FromSeconds(5));
            kestrel.Limits.MinResponseDataRate = new(options.MinAnswerBytesPerSecond, TimeSpan.FromSeconds(5));
            var certificate = PemCertificate.Open(options, kestrel.ApplicationServices.GetRequiredService<ILogger<PemCertificate>>());
            if (options.ServerHost == "localhost")
            {
                if (options.ServerPort == 0)
                {
                    kestrel.Listen(IPAddress.Loopback, 0, listen => UseConnections(listen, certificate));
                }
                else
                {
                    kestrel.ListenLocalhost(options.ServerPort, listen => UseConnections(listen, certificate));
                }
            }
            else
            {
                kestrel.Listen(ListenAddress.Resolve(options.ServerHost, "SERVER_HOST"), options.ServerPort, listen => UseConnections(listen, certificate));
            }
        });

    private static void UseConnections(ListenOptions listen, PemCertificate? certificate)
    {
        if (certificate is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }),
            });
        }
        BreakableOutput.Use(listen);
    }

    private static void AddTraffic(IServiceCollection services, HubOptions options, IReadOnlyList<Uri> upstreams, UpstreamCredential credential)
    {
        services.AddSingleton<CallerDirectory>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<CallerDirectory>());
        services.AddSingleton<Authenticator>();
        services.AddSingleton<RequestReader>();
        services.AddSingleton<BodyRoom>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<IReadingGate, ReadingAdmission>();
        services.AddSingleton<TrafficLock>();
        services.AddHostedService(provider => provider.GetRequiredService<TrafficLock>());
        services.AddSingleton<QuotaResolver>();
        services.AddSingleton<DefaultBudgets>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<DefaultBudgets>());
        services.AddSingleton<OutputDefault>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<OutputDefault>());
        services.AddSingleton<WindowClock>();
        services.AddSingleton<CounterStore>();
        services.AddSingleton<LearnedUsage>();
        services.AddSingleton<AdmissionController>();
        services.AddHostedService<CounterSweepService>();
        services.AddHostedService<MemoryRelease>();
        services.AddSingleton<BudgetBook>();
        services.AddSingleton<IMoneyKeeper>(provider => provider.GetRequiredService<BudgetBook>());
        services.AddHostedService<BudgetBookService>();
        services.AddSingleton<IChangeConsumer, BalanceRefresher>();
        services.AddSingleton<IChangeConsumer, SpendRaiser>();
        services.Replace(ServiceDescriptor.Singleton<IBudgetMonitor, LiveBudgetMonitor>());
        services.AddSingleton<LimitViews>();
        services.AddSingleton<ThresholdWatch>();
        services.AddHostedService<EventRecorder>();
        services.AddSingleton<LedgerHistory>();
        services.AddSingleton<IUsageHistory>(provider => provider.GetRequiredService<LedgerHistory>());
        services.AddSingleton<ISpendHistory>(provider => provider.GetRequiredService<LedgerHistory>());
        services.AddSingleton<WriterGate>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<UsageQueue>();
        services.AddSingleton<NodeJournal>();
        services.TryAddSingleton<ICallJournal>(provider => provider.GetRequiredService<NodeJournal>());
        services.AddSingleton<JournalStart>();
        services.TryAddSingleton<IUsageRecorder, JournaledRecorder>();
        services.AddSingleton<UsageBatch>();
        services.AddSingleton<LedgerWriter>();
        services.AddHostedService<UsageWriter>();
        services.AddHostedService<RetentionService>();
        services.AddSingleton<ContentSwitch>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<ContentSwitch>());
        services.AddSingleton<ContentQueue>();
        services.AddHostedService<ContentWriter>();
        services.AddSingleton<ContentRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<ContentRetention>());
        services.AddSingleton<CorrectionService>();
        if (options.ImportSpend && options.LiteLlmBaseUrls.Count > 0)   // the sandbox keeps no book
        {
            services.AddHostedService(provider => provider.GetRequiredService<CorrectionService>());
        }
        services.AddSingleton<UsagePlausibility>();
        services.AddSingleton<ChargeRule>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<RateStep>();
        services.AddSingleton<MoneyStep>();
        services.AddSingleton<JournalStep>();
        services.AddSingleton<ContentKeeper>();
        services.AddSingleton<Reservations>();
        services.AddSingleton<AnswerHeaders>();
        services.AddSingleton<PlainRelay>();
        services.AddSingleton<StreamRelay>();
        services.AddSingleton<FailureRelay>();
        services.AddSingleton<IAnswerRelay, AnswerRelay>();
        services.AddSingleton<IGauges, LedgerGauges>();
        services.AddSingleton<IGauges, CallerGauges>();
        services.AddSingleton<IGauges, LimitGauges>();
        services.AddSingleton<IGauges, UpstreamGauges>();
        services.AddSingleton(credential);
        services.AddSingleton<ITransformProvider, UpstreamTransforms>();
        services.AddSingleton<IActiveHealthCheckPolicy, ProbeHealthPolicy>();
        services.AddReverseProxy()
            .LoadFromMemory(UpstreamRoutes.Routes(), UpstreamRoutes.Clusters(upstreams, options));
        services.AddSingleton<IForwarderHttpClientFactory, UpstreamClientFactory>();
    }

    private static void Map(WebApplication app, HubOptions options)
    {
        app.UseMiddleware<RequestIdMiddleware>();
        if (TelemetryExport.SendsTraces(app.Configuration))
        {
            app.UseMiddleware<TraceMiddleware>();
        }
        app.UseMiddleware<FaultMiddleware>();
        app.UseRouting();
        app.UseHubTransport();
        app.MapHealth();
        app.MapMetrics();
        if (options.Role != HubRole.Gateway)
        {
            app.MapHubAdmin();
        }
        if (options.Role != HubRole.Admin)
        {
            app.UseWhen(http => !http.Request.Path.StartsWithSegments("/api"), traffic => traffic.UseMiddleware<RequestLimitsMiddleware>());
            app.MapInference();
            app.MapModels();
            app.MapKey();
        }
        app.MapFallback("{*path}", http => http.RefuseAsync(Refusals.UnknownUrl(http.Request.Method, http.Request.Path)));
    }
}
