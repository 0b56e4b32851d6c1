using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Gateway.Budgeting;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Providers;
using Gateway.Hosting;

namespace Gateway.Ledger;

/// <summary>
/// <c>ledger check|rebuild|export|reconcile</c> on the command line: works on the database that the options name, beside a running gateway; only <c>rebuild</c>
/// wants it stopped.
/// </summary>
internal static class LedgerCommand
{
    private const string Usage = """
        ledger check                            compares every counter with the ledger's rows
        ledger rebuild                          sets right what differs; the gateway must be stopped
        ledger export [--format ndjson|csv]     writes the rows out, the oldest first
        ledger retry                            tries the calls again that the database did not take
        ledger reconcile [--days N]             compares charges with the upstream's own figures; of the last 7 days
        """;

    private const int StandardDays = 7;
    private const int MostDays = 3_650;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Runs one of the commands.</summary>
    /// <param name="args">What stands behind <c>ledger</c>.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="output">Where the report or the rows go.</param>
    /// <param name="errors">Where faults go.</param>
    /// <returns>0; 1 when it could not run, or when a check or a comparison found differences; 2 for a command that is none.</returns>
    public static async Task<int> RunAsync(string[] args, IDictionary environment, TextWriter output, TextWriter errors)
    {
        var days = StandardDays;
        if (args is not (["check"] or ["rebuild"] or ["retry"] or ["reconcile"] or ["export"] or ["export", "--format", "ndjson" or "csv"])
            && !(args is ["reconcile", "--days", var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) && days is > 0 and <= MostDays))
        {
            await errors.WriteLineAsync(Usage);
            return 2;
        }
        try
        {
            await using var services = CommandServices.Build(environment);
            services.GetRequiredService<StoreProvider>().Prepare();
            switch (args[0])
            {
                case "check":
                    return await ReportAsync(await services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None));
                case "rebuild":
                    return await RebuildAsync(services);
                case "retry":
                    var outcome = await services.GetRequiredService<SetAsideRetry>().RunAsync(CancellationToken.None);
                    await output.WriteLineAsync(JsonSerializer.Serialize(outcome, Json));
                    return outcome.Left == 0 ? 0 : 1;
                case "reconcile":
                    var now = DateTime.UtcNow;
                    var compared = await services.GetRequiredService<LedgerComparison>().RunAsync(now.AddDays(-days), now, CancellationToken.None);
                    await output.WriteLineAsync(JsonSerializer.Serialize(compared, Json));
                    return compared.Different + compared.OnlyThere == 0 ? 0 : 1;
                default:
                    var export = services.GetRequiredService<LedgerExport>();
                    await (args is [_, _, "csv"] ? export.WriteCsvAsync(output, null, null, CancellationToken.None) : export.WriteJsonAsync(output, null, null, CancellationToken.None));
                    await output.FlushAsync();
                    return 0;
            }
        }
        catch (Exception fault) when (fault is StartFailedException or DbException or IOException)
        {
            await errors.WriteLineAsync(fault.Message);
            return 1;
        }

        async Task<int> ReportAsync(LedgerReport report)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(report, Json));
            return report.IsClean ? 0 : 1;
        }

        async Task<int> RebuildAsync(IServiceProvider services)
        {
            if (await services.GetRequiredService<TrafficLock>().TakeAsync(CancellationToken.None) is { } reason)
            {
                throw new StartFailedException(reason);
            }
            await ReportAsync(await services.GetRequiredService<LedgerAudit>().RebuildAsync(CancellationToken.None));
            return 0;
        }
    }
}
