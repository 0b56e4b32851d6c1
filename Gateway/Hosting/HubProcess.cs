using System.Collections;
using System.Data.Common;
using System.Net.Sockets;
using Gateway.Admin;
using Gateway.Core.Configuration;
using Gateway.Sandbox;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Hosting;

/// <summary>The life of the process: options, sandbox, application, start, run, stop.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private readonly SandboxHost? _sandbox;

    private HubProcess(WebApplication app, HubOptions options, SandboxHost? sandbox, FirstStartResult firstStart)
    {
        App = app;
        Options = options;
        _sandbox = sandbox;
        FirstStart = firstStart;
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
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var process = await StartAsync(args, Environment.GetEnvironmentVariables());
            FirstStartNotice.Write(Console.Out, process);
            await process.App.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception fault) when (fault is StartFailedException or IOException or DbException or SocketException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 1;
        }
    }

    /// <summary>Starts and listens.</summary>
    /// <param name="args">ASP.NET's command line, such as <c>--environment Production</c>.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="configure">Last changes to the services: tests put in a clock.</param>
    /// <param name="sandboxOptions">The sandbox to run, when one is to.</param>
    public static async Task<HubProcess> StartAsync(string[] args, IDictionary environment, Action<WebApplicationBuilder>? configure = null, SandboxOptions? sandboxOptions = null)
    {
        var builder = WebApplication.CreateBuilder(EarlierNames.WithEnvironment(args, environment));
        ConfigurationSources.AddDefaults(builder.Configuration, builder.Environment.IsDevelopment(), EarlierNames.AsksForDebugLogs(environment));
        configure?.Invoke(builder);
        var options = OptionsLoader.Load(builder.Configuration, environment, builder.Environment.IsDevelopment());
        var sandbox = RunsSandbox(options, builder.Environment) ? await SandboxHost.StartAsync(sandboxOptions ?? new SandboxOptions()) : null;
        WebApplication? app = null;
        try
        {
            app = HubApplication.Build(builder, options, sandbox);
            StartupSequence.Note(app, EarlierNames.Notes(environment));
            var firstStart = await StartupSequence.RunAsync(app, options, CancellationToken.None);
            await app.StartAsync();
            return new HubProcess(app, options, sandbox, firstStart);
        }
        catch
        {
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

    /// <summary>Stops taking calls, lets running ones end, drains what is settled, then ends the sandbox.</summary>
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
    }

    private static bool RunsSandbox(HubOptions options, IHostEnvironment environment) =>
        options.LiteLlmBaseUrls.Count == 0 && (options.Sandbox ?? environment.IsDevelopment());
}
