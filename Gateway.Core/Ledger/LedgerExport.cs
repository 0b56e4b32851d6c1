using System.Text.Json;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Ledger;

/// <summary>
/// Writes the ledger's rows out, the oldest first, one a line. Columns keep their names and their order; new ones go to the end. See
/// docs/ledger.md.
/// </summary>
public sealed class LedgerExport(IDbContextFactory<HubDbContext> databases)
{
    private const int PageSize = 1_000;

    // The classes that there were when the columns got their order; those that were added since go to the end.
    private const int FirstClasses = 11;

    private static readonly (string Name, Func<UsageRecord, object?> Value)[] Columns =
    [
        ("id", r => r.Id),
        ("admitted_at", r => r.AdmittedAt),
        ("ended_at", r => r.EndedAt),
        ("first_byte_at", r => r.FirstByteAt),
        ("user_id", r => r.UserId),
        ("api_key_id", r => r.ApiKeyId),
        ("team_id", r => r.TeamId),
        ("tier_id", r => r.TierId),
        ("model_id", r => r.ModelId),
        ("model", r => r.ModelName),
        ("provider", r => r.Provider),
        ("call_type", r => r.CallType),
        ("status", r => r.Status),
        ("outcome", r => r.Outcome),
        ("http_status", r => r.HttpStatus),
        ("is_stream", r => r.IsStream),
        ("attempts", r => r.Attempts),
        ("service_tier", r => r.ServiceTier),
        ("usage_source", r => r.UsageSource),
        ("is_counted", r => r.IsCounted),
        ("is_prepaid", r => r.IsPrepaid),
        ("cache_hit", r => r.CacheHit),
        .. TokenClasses.All.Take(FirstClasses).Select(TokensOf),
        ("web_searches", r => r.Usage.Items.WebSearches),
        ("input_cost_usd", r => Money.UsdOf(r.InputCostNanoUsd)),
        ("output_cost_usd", r => Money.UsdOf(r.OutputCostNanoUsd)),
        ("total_cost_usd", r => Money.UsdOf(r.TotalCostNanoUsd)),
        ("held_usd", r => Money.UsdOf(r.HeldNanoUsd)),
        ("upstream_cost_usd", r => r.UpstreamCostNanoUsd is { } cost ? Money.UsdOf(cost) : null),
        ("external_request_id", r => r.ExternalRequestId),
        ("client_request_id", r => r.ClientRequestId),
        ("upstream_model_id", r => r.UpstreamModelId),
        ("corrects_id", r => r.CorrectsId),
        ("chat_id", r => r.ChatId),
        ("message_id", r => r.MessageId),
        .. ItemKinds.All.Where(kind => kind != ItemKind.WebSearches).Select(PiecesOf),
        .. TokenClasses.All.Skip(FirstClasses).Select(TokensOf),
        ("upstream", r => r.Upstream),
        ("end_user", r => r.EndUser),
        ("tags", r => r.Tags.Count == 0 ? null : string.Join(',', r.Tags)),
    ];

    /// <summary>The columns, in their order.</summary>
    public static IReadOnlyList<string> ColumnNames { get; } = [.. Columns.Select(c => c.Name)];

    /// <summary>Writes one JSON object a line.</summary>
    /// <param name="output">Flushed after each page.</param>
    /// <param name="from">The first moment of admission, UTC; null: from the beginning.</param>
    /// <param name="until">The first moment that is left out, UTC; null: to the end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="progress">Is told how many rows are written; null: nobody asks, and the rows are not counted before.</param>
    /// <returns>How many rows.</returns>
    public Task<long> WriteJsonAsync(
        TextWriter output,
        DateTime? from,
        DateTime? until,
        CancellationToken cancellationToken,
        IProgress<WorkProgress>? progress = null
    ) =>
        WriteAsync(
            output,
            from,
            until,
            record => JsonSerializer.Serialize(Columns.ToDictionary(c => c.Name, c => c.Value(record))) + "\n",
            progress,
            cancellationToken
        );

    /// <summary>Writes a line of names, then one line a row, as RFC 4180 has it.</summary>
    /// <param name="output">Flushed after each page.</param>
    /// <param name="from">The first moment of admission, UTC; null: from the beginning.</param>
    /// <param name="until">The first moment that is left out, UTC; null: to the end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="progress">Is told how many rows are written; null: nobody asks, and the rows are not counted before.</param>
    /// <returns>How many rows, without the names.</returns>
    public async Task<long> WriteCsvAsync(
        TextWriter output,
        DateTime? from,
        DateTime? until,
        CancellationToken cancellationToken,
        IProgress<WorkProgress>? progress = null
    )
    {
        await output.WriteAsync(CsvLine.Of(ColumnNames));
        return await WriteAsync(
            output,
            from,
            until,
            record => CsvLine.Of(Columns.Select(c => c.Value(record))),
            progress,
            cancellationToken
        );
    }

    private static (string, Func<UsageRecord, object?>) TokensOf(TokenClass tokenClass) =>
        ($"{TokenClasses.NameOf(tokenClass)}_tokens", r => r.Usage[tokenClass]);

    private static (string, Func<UsageRecord, object?>) PiecesOf(ItemKind kind) => (ItemKinds.NameOf(kind), r => r.Usage.Items[kind]);

    // Page by page, by key: the last page costs what the first does, and a slow reader holds no transaction open.
    private async Task<long> WriteAsync(
        TextWriter output,
        DateTime? from,
        DateTime? until,
        Func<UsageRecord, string> lineOf,
        IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var count = 0L;
        var (lastTime, lastId) = (DateTime.UnixEpoch, "");
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var total = progress is null ? 0 : await Rows(db, from, until).LongCountAsync(cancellationToken);
        while (await PageAsync(db, from, until, lastTime, lastId, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var record in page)
            {
                await output.WriteAsync(lineOf(record));
            }
            await output.FlushAsync(cancellationToken);
            count += page.Count;
            progress?.Report(new WorkProgress(count, total));
            (lastTime, lastId) = (page[^1].AdmittedAt, page[^1].Id);
        }
        return count;
    }

    private static Task<List<UsageRecord>> PageAsync(
        HubDbContext db,
        DateTime? from,
        DateTime? until,
        DateTime lastTime,
        string lastId,
        CancellationToken cancellationToken
    ) =>
        db.RecordsOf(
                Rows(db, from, until).Where(e => e.AdmittedAt > lastTime || (e.AdmittedAt == lastTime && string.Compare(e.Id, lastId) > 0))
            )
            .OrderBy(r => r.AdmittedAt)
            .ThenBy(r => r.Id)
            .Take(PageSize)
            .ToListAsync(cancellationToken);

    private static IQueryable<LedgerEntry> Rows(HubDbContext db, DateTime? from, DateTime? until) =>
        db.LedgerEntries.Where(e => from == null || e.AdmittedAt >= from).Where(e => until == null || e.AdmittedAt < until);
}
