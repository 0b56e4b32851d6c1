using System.Security.Cryptography;
using System.Text;
using Gateway.Admin.Changes;
using Gateway.Admin.Usage;
using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Imports;

/// <summary>
/// Takes over a database of the original system. What people decided goes in one transaction, which a dry run does not commit: it finds
/// what a real run finds. Calls follow as history, some hundred a transaction. A second run finds everything there, and adds what is new.
/// </summary>
public sealed class OneUiHubImport
{
    private const int CallsPerTransaction = 500;
    private const int LongestId = 36;

    private readonly ChangeWriter _changes;
    private readonly ImportedCalls _calls;
    private readonly AccountOptions _options;

    internal OneUiHubImport(ChangeWriter changes, ImportedCalls calls, AccountOptions options) =>
        (_changes, _calls, _options) = (changes, calls, options);

    /// <summary>Takes over, or tells what would be taken over.</summary>
    /// <param name="from">The original's database.</param>
    /// <param name="isDryRun">Whether nothing is to be written.</param>
    /// <param name="progress">Is told how many calls are read; null: nobody asks.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidDataException">There is no such database there; the message is for the operator.</exception>
    public async Task<OneUiHubReport> RunAsync(
        DatabaseUrl from,
        bool isDryRun,
        IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var source = await OneUiHubSource.OpenAsync(from, cancellationToken);
        var tables = await source.TablesAsync(cancellationToken);
        if (!tables.Contains("users") || !tables.Contains("tiers"))
        {
            throw new InvalidDataException(
                $"{source.Store.Location} has no tables \"users\" and \"tiers\": it is not a database of OneUIHub."
            );
        }
        if (tables.Contains("ledger_entries"))
        {
            throw new InvalidDataException($"{source.Store.Location} is one of this gateway's. Copy it with `database copy`.");
        }
        OneUiHubDecisions decisions;
        await using (var change = await _changes.BeginAsync(Actor.System, cancellationToken))
        {
            await change.OneAtATimeAsync(cancellationToken);
            decisions = new OneUiHubDecisions(change, source, tables, _options);
            await decisions.TakeOverAsync(cancellationToken);
            if (!isDryRun)
            {
                change.AuditEvent("oneuihub.imported", "import", "*", decisions.Tables.ToDictionary(t => t.Table, t => (object?)t.Created));
                await change.CommitAsync(cancellationToken);
            }
        }
        if (tables.Contains("requests"))
        {
            await TakeOverCallsAsync(source, decisions, isDryRun, progress, cancellationToken);
        }
        foreach (var unknown in tables.Except(OneUiHubDecisions.KnownTables).Order())
        {
            decisions.Notes.Add($"The table {unknown} is not known and was left out.");
        }
        return new OneUiHubReport(isDryRun, decisions.Tables, decisions.Notes);
    }

    private async Task TakeOverCallsAsync(
        OneUiHubSource source,
        OneUiHubDecisions decisions,
        bool isDryRun,
        IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var table = decisions.NewTable("requests");
        var total = await source.CountAsync("requests", cancellationToken);
        List<ImportedCall> calls = [];
        await foreach (var row in source.StreamAsync("requests", cancellationToken))
        {
            table.Count();
            if (ToCall(row, decisions, table) is { } call)
            {
                calls.Add(call);
            }
            if (calls.Count == CallsPerTransaction)
            {
                await WriteAsync();
            }
            progress?.Report(new WorkProgress(table.Read, total));
        }
        await WriteAsync();

        async Task WriteAsync()
        {
            var created = isDryRun ? await CountNewAsync(calls, cancellationToken) : await _calls.WriteAsync(calls, cancellationToken);
            table.Created += created;
            table.AlreadyThere += calls.Count - created;
            calls.Clear();
        }
    }

    private async Task<int> CountNewAsync(List<ImportedCall> calls, CancellationToken cancellationToken)
    {
        await using var change = await _changes.BeginAsync(Actor.System, cancellationToken); // nothing is changed by it
        var ids = calls.Select(c => c.Row.Id).ToList();
        return ids.Count - await change.Db.LedgerEntries.CountAsync(r => ids.Contains(r.Id), cancellationToken);
    }

    // The ledger's ids are UUIDs, as the original's are; another one follows from the text, so that a second run finds the call.
    private static string CallIdOf(string id) =>
        CallIds.IsOne(id) ? id : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes("oneuihub " + id)).AsSpan(0, 16)).ToString();

    private static ImportedCall? ToCall(SourceRow row, OneUiHubDecisions decisions, ImportedTable table)
    {
        if (row.IsDeleted)
        {
            table.Leave("it was deleted", row.Id);
            return null;
        }
        if (row.Text("user_id") is not { } userId || !decisions.Payers.TryGetValue(userId, out var payer))
        {
            table.Leave("its user was not taken over", row.Id);
            return null;
        }
        var (input, output) = (row.Number("input_tokens") ?? 0, row.Number("output_tokens") ?? 0);
        var (total, outputCost) = (row.Decimal("total_cost") ?? 0, row.Decimal("output_cost") ?? 0);
        if (row.Id.Length is 0 or > LongestId || row.Time("created_at") is not { } at || input < 0 || output < 0 || total < 0)
        {
            table.Leave("it lacks an id, a time, or tokens and cost that can be", row.Id);
            return null;
        }
        var (modelId, modelName) = decisions.ModelOf(row.Text("model_id"));
        return new ImportedCall(
            new SpendRow
            {
                Id = CallIdOf(row.Id),
                RequestId = row.Text("external_request_id", 255) ?? row.Id,
                CallIds = [CallIdOf(row.Id)],
                ModelName = row.Text("model_name", 255) ?? modelName,
                Provider = row.Text("provider", 100),
                CallType = row.Text("call_type", 50) ?? "acompletion",
                IsFailed = row.Text("status") is "failed" or "failure",
                InputTokens = input,
                OutputTokens = output,
                Cost = Money.FromUsd(total),
                OutputCost = Money.FromUsd(Math.Clamp(outputCost, 0, total)),
                StartTime = row.Time("start_time") ?? at,
                EndTime = row.Time("end_time") ?? at,
            },
            payer,
            modelId
        );
    }
}
