using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Tries ended calls again that were set aside: after a new version, a mended disk or schema the database may take them.
/// </summary>
internal sealed class SetAsideRetry(LedgerWriter ledger, IDbContextFactory<HubDbContext> databases)
{
    private const int PageSize = 500;

    /// <summary>Tries each once, the oldest first. What is not taken stays, with the fault of this time.</summary>
    public async Task<SetAsideOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var written = 0L;
        List<SetAsideCall> left = [];
        for (var last = ""; ; )
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var page = await db
                .SetAsideRecords.Where(r => string.Compare(r.Id, last) > 0)
                .OrderBy(r => r.Id)
                .Take(PageSize)
                .ToListAsync(cancellationToken);
            foreach (var aside in page)
            {
                if (await ledger.RetryAsync(aside, cancellationToken) is not { } fault)
                {
                    written++;
                    db.Entry(aside).State = EntityState.Detached;
                    continue;
                }
                aside.Fault = fault;
                left.Add(new SetAsideCall(aside.Id, fault, aside.SetAsideAt));
            }
            await db.SaveChangesAsync(cancellationToken);
            if (page.Count < PageSize)
            {
                return new SetAsideOutcome(written, left.Count, [.. left.Take(LedgerReport.MostShown)]);
            }
            last = page[^1].Id;
        }
    }
}
