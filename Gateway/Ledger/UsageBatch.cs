using System.Data.Common;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Ledger;

/// <summary>
/// Writes settled calls in one transaction: the ledger's rows, and for those that were not there yet the hourly and daily sums, those in
/// less detail, the keys' and the users'. Writing the same calls again changes nothing. Plain SQL: it costs a fraction of change tracking.
/// </summary>
internal sealed class UsageBatch(StoreProvider store)
{
    private static readonly Column<UsageRecord>[] RecordColumns =
    [
        new("id", r => r.Id),
        new("attempts", r => r.Attempts),
        new("external_request_id", r => r.ExternalRequestId),
        new("client_request_id", r => r.ClientRequestId),
        new("upstream_model_id", r => r.UpstreamModelId),
        new("user_id", r => r.UserId),
        new("api_key_id", r => r.ApiKeyId),
        new("team_id", r => r.TeamId),
        new("tier_id", r => r.TierId),
        new("model_id", r => r.ModelId),
        new("model_name", r => r.ModelName),
        new("provider", r => r.Provider),
        new("call_type", r => r.CallType),
        new("status", r => r.Status),
        new("outcome", r => r.Outcome),
        new("http_status", r => r.HttpStatus),
        new("is_stream", r => r.IsStream),
        new("service_tier", r => r.ServiceTier),
        new("usage_source", r => r.UsageSource),
        new("is_counted", r => r.IsCounted),
        new("is_prepaid", r => r.IsPrepaid),
        new("held_nano_usd", r => r.HeldNanoUsd),
        new("corrects_id", r => r.CorrectsId),
        new("input_tokens", r => r.InputTokens),
        new("cache_read_tokens", r => r.CacheReadTokens),
        new("cache_write_tokens", r => r.CacheWriteTokens),
        new("cache_write1h_tokens", r => r.CacheWrite1hTokens),
        new("input_audio_tokens", r => r.InputAudioTokens),
        new("input_image_tokens", r => r.InputImageTokens),
        new("input_video_tokens", r => r.InputVideoTokens),
        new("output_tokens", r => r.OutputTokens),
        new("reasoning_tokens", r => r.ReasoningTokens),
        new("output_audio_tokens", r => r.OutputAudioTokens),
        new("output_image_tokens", r => r.OutputImageTokens),
        new("web_searches", r => r.WebSearches),
        new("input_cost_nano_usd", r => r.InputCostNanoUsd),
        new("output_cost_nano_usd", r => r.OutputCostNanoUsd),
        new("total_cost_nano_usd", r => r.TotalCostNanoUsd),
        new("upstream_cost_nano_usd", r => r.UpstreamCostNanoUsd),
        new("admitted_at", r => r.AdmittedAt),
        new("first_byte_at", r => r.FirstByteAt),
        new("ended_at", r => r.EndedAt),
        new("cache_hit", r => r.CacheHit),
    ];

    private static readonly Column<UsageRollup>[] RollupKey =
    [
        new("bucket_start", r => r.BucketStart),
        new("user_id", r => r.UserId),
        new("api_key_id", r => r.ApiKeyId),
        new("model_id", r => r.ModelId),
        new("team_id", r => r.TeamId),
        new("tier_id", r => r.TierId),
    ];

    private static readonly Column<UsageTotals>[] TotalsKey =
    [
        new("grain", t => t.Grain),
        new("user_id", t => t.UserId),
        new("bucket_start", t => t.BucketStart),
        new("team_id", t => t.TeamId),
        new("model_id", t => t.ModelId),
        new("tier_id", t => t.TierId),
    ];

    private static readonly Column<ApiKeyUsage>[] KeyColumns =
    [
        new("api_key_id", u => u.ApiKeyId),
        new("model_id", u => u.ModelId),
        new("request_count", u => u.RequestCount),
        new("total_cost_nano_usd", u => u.TotalCostNanoUsd),
        new("last_used_at", u => u.LastUsedAt),
    ];

    private static readonly Column<UserAccount>[] AccountColumns =
    [
        new("user_id", a => a.UserId),
        new("balance_nano_usd", a => a.BalanceNanoUsd),
        new("total_spent_nano_usd", a => a.TotalSpentNanoUsd),
        new("updated_at", a => a.UpdatedAt),
    ];

    private static readonly Column<BudgetSpend>[] SpendColumns =
    [
        new("budget_id", s => s.BudgetId),
        new("subject_id", s => s.SubjectId),
        new("window_start", s => s.WindowStart),
        new("spent_nano_usd", s => s.SpentNanoUsd),
        new("updated_at", s => s.UpdatedAt),
    ];

    private delegate string Statement(IReadOnlyList<string> columns, string values);

    /// <summary>Writes calls; those that stand in the ledger already are left as they are and summed no second time.</summary>
    public async Task WriteAsync(HubDbContext db, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var work = new Work(transaction.GetDbTransaction(), cancellationToken);
        var inserted = await InsertAsync(work, records);
        var added = records.Where(r => inserted.Remove(r.Id)).ToList();
        await SumAsync(work, "usage_hourly", RollupKey, UsageSums.Rollups<HourlyUsage>(added, UtcTime.HourOf));
        await SumAsync(work, "usage_daily", RollupKey, UsageSums.Rollups<DailyUsage>(added, UtcTime.DayOf));
        await SumAsync(work, "usage_totals", TotalsKey, UsageSums.Totals(added));
        await ExecuteAsync(
            work,
            UsageSums.Keys(added),
            KeyColumns,
            (columns, values) =>
                store.UpsertSql(
                    "api_key_usage",
                    columns,
                    values,
                    ["api_key_id", "model_id"],
                    ["request_count", "total_cost_nano_usd"],
                    ["last_used_at"]
                )
        );
        await ExecuteAsync(
            work,
            UsageSums.Accounts(added),
            AccountColumns,
            (columns, values) =>
                store.UpsertSql("user_accounts", columns, values, ["user_id"], ["balance_nano_usd", "total_spent_nano_usd"], ["updated_at"])
        );
        await ExecuteAsync(
            work,
            UsageSums.Budgets(added),
            SpendColumns,
            (columns, values) =>
                store.UpsertSql(
                    "budget_spend",
                    columns,
                    values,
                    ["budget_id", "window_start", "subject_id"],
                    ["spent_nano_usd"],
                    ["updated_at"]
                )
        );
        await transaction.CommitAsync(cancellationToken);
        store.KeepLogShort();
    }

    private async Task<HashSet<string>> InsertAsync(Work work, IReadOnlyList<UsageRecord> records)
    {
        var inserted = await store.InsertNewAsync(
            work.Transaction,
            "usage_records",
            [.. RecordColumns.Select(c => c.Name)],
            "id",
            Values(records, RecordColumns),
            work.CancellationToken
        );
        return inserted.ToHashSet(StringComparer.Ordinal);
    }

    private Task SumAsync<T>(Work work, string table, Column<T>[] key, IReadOnlyList<T> sums)
        where T : UsageSum
    {
        var added = SumColumns<T>.All;
        return ExecuteAsync(
            work,
            sums,
            [.. key, .. added],
            (columns, values) => store.UpsertSql(table, columns, values, [.. key.Select(c => c.Name)], [.. added.Select(c => c.Name)], [])
        );
    }

    private Task<IReadOnlyList<string>> ExecuteAsync<T>(Work work, IReadOnlyList<T> rows, Column<T>[] columns, Statement statement) =>
        store.WriteRowsAsync(
            work.Transaction,
            values => statement([.. columns.Select(c => c.Name)], values),
            Values(rows, columns),
            work.CancellationToken
        );

    private static IEnumerable<object?[]> Values<T>(IReadOnlyList<T> rows, Column<T>[] columns)
    {
        var values = new object?[columns.Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                values[i] = columns[i].Value(row);
            }
            yield return values;
        }
    }

    private static class SumColumns<T>
        where T : UsageSum
    {
        public static readonly Column<T>[] All =
        [
            new("requests", r => r.Requests),
            new("counted_requests", r => r.CountedRequests),
            new("failed_requests", r => r.FailedRequests),
            new("estimated_requests", r => r.EstimatedRequests),
            new("prepaid_requests", r => r.PrepaidRequests),
            new("input_tokens", r => r.InputTokens),
            new("cache_read_tokens", r => r.CacheReadTokens),
            new("cache_write_tokens", r => r.CacheWriteTokens),
            new("input_media_tokens", r => r.InputMediaTokens),
            new("output_tokens", r => r.OutputTokens),
            new("reasoning_tokens", r => r.ReasoningTokens),
            new("output_media_tokens", r => r.OutputMediaTokens),
            new("total_cost_nano_usd", r => r.TotalCostNanoUsd),
            new("output_cost_nano_usd", r => r.OutputCostNanoUsd),
            new("upstream_cost_nano_usd", r => r.UpstreamCostNanoUsd),
        ];
    }

    private sealed record Column<T>(string Name, Func<T, object?> Value);

    private sealed record Work(DbTransaction Transaction, CancellationToken CancellationToken);
}
