using System.Text.Json;
using Gateway.Admin.Changes;
using Gateway.Admin.Quotas;
using Gateway.Admin.Tombstones;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.LiteLlm;

/// <summary>
/// Keeps LiteLLM's budgets here too, by their id there; all values are LiteLLM's. They bind nobody: LiteLLM does not tell
/// whose they are. A second run changes nothing.
/// </summary>
internal sealed class BudgetSync(LiteLlmClient client, ChangeWriter changes, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private readonly Lock _gate = new();
    private Task<SyncResult>? _running;

    /// <summary>Syncs, or joins the sync that is under way and gets its result. A caller who leaves does not stop it.</summary>
    public Task<SyncResult> SyncAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_running is null or { IsCompleted: true })
            {
                _running = Task.Run(() => RunAsync(lifetime.ApplicationStopping), CancellationToken.None);
            }
            return _running.WaitAsync(cancellationToken);
        }
    }

    private async Task<SyncResult> RunAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var answer = await client.SendAsync(HttpMethod.Get, "budget/list", null, cancellationToken);
        if (answer.ValueKind != JsonValueKind.Array)
        {
            throw LiteLlmFaults.Unreadable(HttpMethod.Get, "budget/list");
        }
        List<SyncError> errors = [];
        var offered = answer
            .EnumerateArray()
            .Select(row => Read(row, errors))
            .OfType<LiteLlmBudgetResponse>()
            .DistinctBy(b => b.Id)
            .ToList();
        await using var change = await changes.BeginAsync(Actor.System, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        var standing = await change.Db.Budgets.Where(b => b.ExternalId != null).ToDictionaryAsync(b => b.ExternalId!, cancellationToken);
        var held = (await change.Db.FindHeldAsync(ChangedEntities.Budget, cancellationToken)).Select(t => t.ExternalId!).ToHashSet();
        var (created, updated, unchanged) = (0, 0, 0);
        List<string> deleted = [];
        foreach (var budget in offered)
        {
            if (held.Contains(budget.Id) && !standing.ContainsKey(budget.Id))
            {
                deleted.Add(budget.Id);
                continue;
            }
            if (Refuse(budget, change.Now) is { } reason)
            {
                errors.Add(new SyncError(budget.Id, reason));
                continue;
            }
            var isNew = !standing.TryGetValue(budget.Id, out var row);
            row ??= change.Db.Budgets.Add(BudgetDirectory.NewRow(null, BudgetSources.LiteLlm, change.Now)).Entity;
            (row.ExternalId, row.MaxBudgetNanoUsd, row.BudgetDuration) = (
                budget.Id,
                Money.FromUsd(budget.MaxBudget!.Value).NanoUsd,
                budget.BudgetDuration
            );
            row.ResetAnchor = budget.ResetAt is { } at ? UtcTime.ToStored(at) : null;
            if (isNew)
            {
                created++;
            }
            else if (change.Db.Entry(row).State == EntityState.Modified)
            {
                row.UpdatedAt = change.Now;
                updated++;
            }
            else
            {
                unchanged++;
            }
        }
        if (created + updated > 0)
        {
            change.AuditEvent(
                "budgets.synced",
                ChangedEntities.Budget,
                "*",
                new Dictionary<string, object?> { ["created"] = created, ["updated"] = updated }
            );
            change.Touch(ChangedEntities.Budget, "*");
        }
        await change.CommitAsync(cancellationToken);
        var known = offered.Select(b => b.Id).ToHashSet();
        return new SyncResult(
            created,
            updated,
            unchanged,
            0,
            [.. standing.Keys.Where(id => !known.Contains(id)).Order(StringComparer.Ordinal)],
            errors,
            (long)time.GetElapsedTime(start).TotalMilliseconds
        )
        {
            Deleted = deleted,
        };
    }

    private static LiteLlmBudgetResponse? Read(JsonElement row, List<SyncError> errors)
    {
        if (LiteLlmBudgetResponse.From(row) is { } budget)
        {
            return budget;
        }
        errors.Add(new SyncError("", "A row of /budget/list has no budget_id."));
        return null;
    }

    private static string? Refuse(LiteLlmBudgetResponse budget, DateTime now) =>
        budget.Id.Length > 255 || budget.Id.Any(letter => char.IsControl(letter) || letter == '\uFFFD')
            ? "The id must have at most 255 characters, and none that is a control character or cannot be read."
        : budget.MaxBudget is not (> 0 and < 1_000_000_000) ? "It has no cap on money."
        : !BudgetPeriod.TryParse(budget.BudgetDuration, budget.ResetAt, now, out _) ? "Its duration is not known."
        : null;
}
