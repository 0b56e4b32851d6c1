using System.Diagnostics;
using System.Runtime;
using Gateway.Core.Configuration;

namespace Gateway.Hosting.Warming;

/// <summary>
/// Runs the node's own pipeline before <c>/health/ready</c> says yes, so that the code of a call is compiled, and compiled well, before a
/// load balancer sends calls. A second gateway in this process makes and answers them (<see cref="WarmUpHost"/>): it shares the code with
/// the first one and nothing else, so that no ledger, journal, metric, budget or upstream hears of it. Calls that come before it is over
/// are answered.
/// </summary>
internal static partial class WarmUp
{
    // A round that compiled fewer methods has found everything compiled.
    private const int FewMethods = 12;
    private const int MostRounds = 40;

    // The compiler begins when nothing new was called for a tenth of a second.
    private static readonly TimeSpan CompilerPause = TimeSpan.FromMilliseconds(60);
    private const int QuietPauses = 3;

    /// <summary>Warms up, for at most the time of the option, then says that the node is ready.</summary>
    /// <param name="services">The node's services.</param>
    /// <param name="options">Its options.</param>
    /// <param name="stopping">The process stops.</param>
    public static Task RunAsync(IServiceProvider services, HubOptions options, CancellationToken stopping)
    {
        var readiness = services.GetRequiredService<HubReadiness>();
        if (options.Server.WarmUpTime == TimeSpan.Zero || options.Server.Role == HubRole.Admin)
        {
            readiness.SetReady();
            return Task.CompletedTask;
        }
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Gateway.Hosting.WarmUp");
        return Task.Run(() => RunAsync(options, readiness, logger, stopping), CancellationToken.None);
    }

    private static async Task RunAsync(HubOptions options, HubReadiness readiness, ILogger logger, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(options.Server.WarmUpTime);
        try
        {
            await WarmAsync(options, logger, limit.Token);
            MemoryRelease.Release(); // what the second gateway had
        }
        catch (Exception fault) when (limit.IsCancellationRequested)
        {
            Log.OutOfTime(logger, options.Server.WarmUpTime, fault.GetType().Name);
        }
        catch (Exception fault)
        {
            Log.Failed(logger, fault); // the node is cold, not broken
        }
        finally
        {
            readiness.SetReady();
        }
    }

    private static async Task WarmAsync(HubOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var upstream = WarmUpUpstream.Start();
        await using var host = await WarmUpHost.StartAsync(options, upstream.Address, cancellationToken);
        using var calls = await WarmUpCalls.OpenAsync(host.Port, host.ApiKey, cancellationToken);
        var rounds = 0;
        for (var compiled = 0L; rounds < MostRounds; rounds++)
        {
            await calls.MakeRoundAsync(cancellationToken);
            await WhenCompiledAsync(cancellationToken);
            var now = JitInfo.GetCompiledMethodCount();
            if (now - compiled < FewMethods)
            {
                break;
            }
            compiled = now;
        }
        Log.Done(logger, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds, rounds);
    }

    private static async Task WhenCompiledAsync(CancellationToken cancellationToken)
    {
        var count = JitInfo.GetCompiledMethodCount();
        for (var quiet = 0; quiet < QuietPauses; )
        {
            await Task.Delay(CompilerPause, cancellationToken);
            var now = JitInfo.GetCompiledMethodCount();
            quiet = now == count ? quiet + 1 : 0;
            count = now;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Warm after {Milliseconds} ms and {Rounds} rounds of calls.")]
        public static partial void Done(ILogger logger, long milliseconds, int rounds);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "The node is as warm as it got within {Time} (WARM_UP_SECONDS; it ended with {Fault})."
        )]
        public static partial void OutOfTime(ILogger logger, TimeSpan time, string fault);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The node could not warm up; its first calls are slower. WARM_UP_SECONDS=0 skips it."
        )]
        public static partial void Failed(ILogger logger, Exception fault);
    }
}
