using Gateway.Core.Storage.Providers;
using Gateway.Hosting;

namespace Gateway.Commands;

/// <summary>What all commands have in common: <c>.env</c>, faults in one line, and a stop by the first signal.</summary>
internal static class CommandRun
{
    /// <summary>Runs a command's work.</summary>
    public static async Task<int> RunAsync(CommandContext context, Func<Task<int>> work)
    {
        try
        {
            return await StopSignals.ObeyAsync(Task.Run(ReadAndWorkAsync, CancellationToken.None), context.Stop);
        }
        catch (Exception) when (context.Stop.IsCancellationRequested)
        {
            return context.StoppedExitCode();
        }
        catch (Exception fault) when (HubProcess.IsExpected(fault))
        {
            await context.Errors.WriteLineAsync(fault.Message);
            return ExitCodes.Failed;
        }

        Task<int> ReadAndWorkAsync()
        {
            context.ReadDotEnv();
            return work();
        }
    }

    /// <summary>Runs work on the database that the options name. It must be there, with the schema of this version: a command makes
    /// neither.</summary>
    public static Task<int> WithDatabaseAsync(
        CommandContext context,
        Func<IServiceProvider, Task<int>> work,
        Action<IServiceCollection>? more = null
    ) =>
        RunAsync(
            context,
            async () =>
            {
                await using var services = CommandServices.Build(context, more);
                var store = services.GetRequiredService<StoreProvider>();
                try
                {
                    await CommandServices.CheckDatabaseAsync(services, context.Stop);
                    return await work(services);
                }
                catch (Exception fault) when (fault is not (StartFailedException or OperationCanceledException))
                {
                    if (!context.Stop.IsCancellationRequested && await store.ExplainAsync(fault, context.Stop) is { } explained)
                    {
                        throw new StartFailedException(explained, fault);
                    }
                    throw;
                }
            }
        );
}
