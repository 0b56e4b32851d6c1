using System.Collections;
using System.Data.Common;
using System.Net.Sockets;
using Gateway.Admin;
using Gateway.Core;
using Gateway.Core.Configuration;
using Gateway.Hosting.Warming;
using Gateway.Sandbox;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Hosting;

/// <summary>The life of the process: options, sandbox, application, start, run, stop.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan StandardStopNotice = TimeSpan.FromSeconds(5);

    private readonly SandboxHost? _sandbox;
    private readonly CancellationTokenRegistration _stop;
    private readonly Task _warmUp;

    private HubProcess(
        WebApplication app,
        HubOptions options,
        SandboxHost? sandbox,
        FirstStartResult firstStart,
        CancellationTokenRegistration stop
    )
    {
        App = app;
        Options = options;
        _sandbox = sandbox;
        _stop = stop;
        FirstStart = firstStart;
        _warmUp = WarmUp.RunAsync(app.Services, options, app.Lifetime.ApplicationStopping);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>The running application.</summary>
    public WebApplication App { get; }

    /// <summary>The options that it runs with.</summary>
    public HubOptions Options { get; }

    /// <summary>The in-process upstream, when it runs.</summary>
    public SandboxHost? Sandbox => _sandbox;

    /// <summary>What the first start made, else nothing.</summary>
    public FirstStartResult FirstStart { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Runs until it is told to stop.</summary>
    /// <returns>The exit code: 0, also when it was stopped before it served; 1 when it could not start.</returns>
    public static async Task<int> RunAsync(CommandContext context)
    {
        try
        {
            await using var process = await StartUnlessStoppedAsync(context);
            if (process is not null)
            {
                FirstStartNotice.Write(context.Output, process);
                await process.App.WaitForShutdownAsync(CancellationToken.None);
            }
            return ExitCodes.Done;
        }
        catch (Exception fault)
        {
            await context.Errors.WriteLineAsync(
                IsExpected(fault)
                    ? fault.Message
                    : $"The gateway could not start because of a fault that nobody foresaw; please report it.{Environment.NewLine}{fault}"
            );
            return ExitCodes.Failed;
        }
    }

    /// <summary>Starts and listens.</summary>
    /// <param name="args">ASP.NET's command line, such as <c>--environment Production</c>.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="configure">Last changes to the services: tests put in a clock.</param>
    /// <param name="sandboxOptions">The sandbox to run, when one is to.</param>
    /// <param name="stop">Gives up the start, and later stops what runs.</param>
    public static async Task<HubProcess> StartAsync(
        string[] args,
        IDictionary environment,
        Action<WebApplicationBuilder>? configure = null,
        SandboxOptions? sandboxOptions = null,
        CancellationToken stop = default
    )
    {
        var builder = WebApplication.CreateBuilder(EarlierNames.WithEnvironment(args, environment));
        ConfigurationSources.AddDefaults(
            builder.Configuration,
            builder.Environment.IsDevelopment(),
            EarlierNames.AsksForDebugLogs(environment)
        );
        configure?.Invoke(builder);
        var options = OptionsLoader.Load(builder.Configuration, environment, builder.Environment.IsDevelopment());
        ListenAddress.Check(options.Server, name => environment[name] as string);
        stop.ThrowIfCancellationRequested();
        CoreServices.PrepareModel(options);
        var sandbox = RunsSandbox(options.Upstream, builder.Environment)
            ? await SandboxHost.StartAsync(sandboxOptions ?? new SandboxOptions(), ct: stop)
            : null;
        WebApplication? app = null;
        CancellationTokenRegistration registration = default;
        try
        {
            var built = app = HubApplication.Build(builder, options, sandbox);
            registration = stop.Register(() => _ = LeaveAsync(built, options));
            StartupSequence.Note(app, EarlierNames.Notes(environment));
            var firstStart = await StartupSequence.RunAsync(app, options, stop);
            await app.StartAsync(stop);
            return new HubProcess(app, options, sandbox, firstStart, registration);
        }
        catch
        {
            await registration.DisposeAsync();
            if (app is not null)
            {
                await app.DisposeAsync();
            }
            if (sandbox is not null)
            {
                await sandbox.DisposeAsync();
            }
            throw;
        }
    }

    // First balancers learn that no more calls are to come, then none are taken. What runs before that, or in a start, ends at once.
    private static async Task LeaveAsync(WebApplication app, HubOptions options)
    {
        app.Services.GetRequiredService<HubReadiness>().SetStopping();
        var notice = options.Server.StopNotice ?? (app.Environment.IsDevelopment() ? TimeSpan.Zero : StandardStopNotice);
        if (notice > TimeSpan.Zero && app.Lifetime.ApplicationStarted.IsCancellationRequested)
        {
            await Task.Delay(notice, CancellationToken.None);
        }
        app.Lifetime.StopApplication();
    }

    // On a thread of its own: a step of the start that waits without an ear for the token must not keep a signal waiting.
    private static async Task<HubProcess?> StartUnlessStoppedAsync(CommandContext context)
    {
        try
        {
            var start = Task.Run(
                () =>
                {
                    context.ReadDotEnv();
                    return StartAsync(context.HostArguments, context.Environment, stop: context.Stop);
                },
                CancellationToken.None
            );
            return await StopSignals.ObeyAsync(start, context.Stop);
        }
        catch (Exception) when (context.Stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Whether the in-process upstream runs.</summary>
    public static bool RunsSandbox(UpstreamOptions options, IHostEnvironment environment) =>
        options.LiteLlmBaseUrls.Count == 0 && (options.Sandbox ?? (environment.IsDevelopment() && !options.NamesUpstream()));

    /// <summary>Whether a fault's message is all that an operator needs.</summary>
    public static bool IsExpected(Exception fault) =>
        fault
            is StartFailedException
                or IOException
                or UnauthorizedAccessException
                or DbException
                or SocketException
                or InvalidDataException;

    /// <summary>Stops taking calls, lets running ones end, drains what is settled, then ends the sandbox.</summary>
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await _warmUp;
        await _stop.DisposeAsync();
        await App.DisposeAsync();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
    }
}
