using Gateway.Core.Storage;
using Gateway.Core.Upstreams;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Ledger;

/// <summary>
/// Compares what was charged with what the upstream says that calls cost, call by call: with its book where it keeps one, else with the
/// figures that came with its answers. A row and its correction are one call.
/// </summary>
public sealed class LedgerComparison(IDbContextFactory<HubDbContext> databases, ISpendLog spendLog)
{
    private const int ChunkSize = 1_000;
    private const int MostShown = 100;

    private static readonly string LiteLlm = UpstreamKind.LiteLlm.Name;

    // A call that begins at the edge of the period may stand on its other side in the other book: clocks differ, and a call waits before it
    // is sent.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>Compares the calls that were admitted in a period.</summary>
    /// <param name="from">The first moment, UTC.</param>
    /// <param name="until">The first moment after it, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ComparisonReport> RunAsync(DateTime from, DateTime until, CancellationToken cancellationToken)
    {
        string? reason = null;
        UpstreamBook book = new();
        try
        {
            await foreach (var call in spendLog.ReadAsync(from - Slack, until + Slack, cancellationToken))
            {
                book.Add(call);
            }
        }
        catch (SpendLogUnavailableException fault)
        {
            (reason, book) = (fault.Message, new());
        }
        var tally = new Tally(book, reason);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await foreach (var record in RowsOf(db, from, until).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            tally.Add(record);
        }
        foreach (var chunk in book.Unmatched(from, until).OrderBy(c => c.StartedAt).Chunk(ChunkSize))
        {
            tally.AddOnlyThere(await UnknownAsync(db, chunk, cancellationToken));
        }
        return tally.ToReport();
    }

    private static IQueryable<ComparedRow> RowsOf(HubDbContext db, DateTime since, DateTime until) =>
        from entry in db.LedgerEntries
        join traits in db.LedgerTraits on entry.TraitsNumber equals traits.Number
        where entry.AdmittedAt >= since && entry.AdmittedAt < until
        where entry.CorrectsId == null && traits.Attempts > 0
        where !db.Upstreams.Any(u => u.Name == traits.Upstream && u.Kind != LiteLlm) // LiteLLM's book knows nothing of others
        orderby entry.AdmittedAt descending
        select new ComparedRow(
            entry.Id,
            traits.ModelName,
            entry.TotalCostNanoUsd + db.LedgerEntries.Where(c => c.CorrectsId == entry.Id).Sum(c => c.TotalCostNanoUsd),
            entry.UpstreamCostNanoUsd,
            entry.ExternalRequestId
        );

    // Rows outside of the period, and calls whose id at the upstream repeats, are known too. The upstream's ids have no index, which every
    // call would pay for: they are looked for at the calls' time.
    private static async Task<IEnumerable<UpstreamCall>> UnknownAsync(
        HubDbContext db,
        UpstreamCall[] calls,
        CancellationToken cancellationToken
    )
    {
        var ids = calls.SelectMany(c => c.Ids).Distinct().ToList();
        var known = (
            await db.LedgerEntries.AsNoTracking().Where(r => ids.Contains(r.Id)).Select(r => r.Id).ToListAsync(cancellationToken)
        ).ToHashSet(StringComparer.Ordinal);
        var (from, until) = (calls[0].StartedAt - Slack, calls[^1].StartedAt + Slack);
        known.UnionWith(
            await db
                .LedgerEntries.AsNoTracking()
                .Where(r =>
                    r.AdmittedAt >= from && r.AdmittedAt <= until && r.ExternalRequestId != null && ids.Contains(r.ExternalRequestId)
                )
                .Select(r => r.ExternalRequestId!)
                .Distinct()
                .ToListAsync(cancellationToken)
        );
        return calls.Where(c => !c.Ids.Any(known.Contains));
    }

    private sealed record ComparedRow(string Id, string Model, long ChargedNanoUsd, long? ToldNanoUsd, string? ExternalRequestId);

    private sealed class UpstreamCall(SpendLogCall first)
    {
        public IReadOnlyList<string> Ids { get; } = first.CallIds;

        public string Model { get; } = first.Model;

        public DateTime StartedAt { get; } = first.StartedAt;

        public long SpendNanoUsd { get; set; }

        public bool IsMatched { get; set; }
    }

    /// <summary>The upstream's calls by their ids. Rows that share the id of a call are one call that was tried again.</summary>
    private sealed class UpstreamBook
    {
        private readonly Dictionary<string, UpstreamCall> _byId = new(StringComparer.Ordinal);
        private readonly List<UpstreamCall> _calls = [];

        public void Add(SpendLogCall row)
        {
            // A provider may give all its answers the same id: only ids that look like ours make two rows one call.
            var call = row
                .CallIds.Where(static id => Guid.TryParseExact(id, "D", out _))
                .Select(_byId.GetValueOrDefault)
                .FirstOrDefault(static c => c is not null);
            if (call is null)
            {
                call = new UpstreamCall(row);
                _calls.Add(call);
                foreach (var id in row.CallIds)
                {
                    _byId.TryAdd(id, call);
                }
            }
            call.SpendNanoUsd = Saturating.Add(call.SpendNanoUsd, row.Spend.NanoUsd);
        }

        public UpstreamCall? Take(ComparedRow row)
        {
            var call =
                _byId.GetValueOrDefault(row.Id)
                ?? (
                    row.ExternalRequestId is { } external && _byId.GetValueOrDefault(external) is { IsMatched: false } other ? other : null
                );
            if (call is not null)
            {
                call.IsMatched = true;
            }
            return call;
        }

        public IEnumerable<UpstreamCall> Unmatched(DateTime from, DateTime until) =>
            _calls.Where(c => !c.IsMatched && c.StartedAt >= from && c.StartedAt < until);
    }

    private sealed class Tally(UpstreamBook book, string? reason)
    {
        private readonly List<ComparedCall> _differing = [];
        private readonly List<ComparedCall> _missing = [];
        private long _matched;
        private long _onlyHere;
        private long _onlyThere;
        private long _different;
        private long _difference;

        public void Add(ComparedRow row)
        {
            var upstream = reason is null ? book.Take(row)?.SpendNanoUsd : row.ToldNanoUsd;
            if (upstream is null)
            {
                _onlyHere += row.ChargedNanoUsd == 0 ? 0 : 1; // neither side knows of money otherwise
            }
            else if (upstream == row.ChargedNanoUsd)
            {
                _matched++;
            }
            else
            {
                _different++;
                _difference = Saturating.Add(_difference, Saturating.Subtract(row.ChargedNanoUsd, upstream.Value));
                Show(_differing, new ComparedCall(row.Id, row.Model, row.ChargedNanoUsd, upstream.Value));
            }
        }

        public void AddOnlyThere(IEnumerable<UpstreamCall> calls)
        {
            foreach (var call in calls)
            {
                _onlyThere++;
                Show(_missing, new ComparedCall(call.Ids[0], call.Model, 0, call.SpendNanoUsd));
            }
        }

        public ComparisonReport ToReport() =>
            new(
                reason is null ? "spend_logs" : "upstream_cost",
                reason,
                _matched,
                _onlyHere,
                _onlyThere,
                _different,
                _difference,
                _differing,
                _missing
            );

        private static void Show(List<ComparedCall> list, ComparedCall call)
        {
            if (list.Count < MostShown)
            {
                list.Add(call);
            }
        }
    }
}
