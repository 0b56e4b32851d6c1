using Gateway.Calls;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Whose a stored response is: that of the user whose call made it, by the ledger. What is settled and still on its way to the database is
/// waited for.
/// </summary>
internal sealed class ResponseOwners(IDbContextFactory<HubDbContext> databases, UsageQueue queue)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Why the caller may not have the response, else the upstream that keeps it, by its name where the ledger has it.</summary>
    public async ValueTask<(Refusal? Refusal, string? Upstream)> FindAsync(
        Caller caller,
        string responseId,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await queue.WhenWrittenAsync(caller.User.Id, Patience);
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var (id, userId) = (RecordText.Of(responseId), caller.User.Id);
            var user = db.NumberOf(userId);
            var found = await db
                .LedgerEntries.AsNoTracking()
                .Where(e => string.Compare(e.ExternalRequestId, ResponseIds.First) >= 0)
                .Where(e => string.Compare(e.ExternalRequestId, ResponseIds.Beyond) < 0)
                .Where(e => e.ExternalRequestId == id && e.UserNumber == user.FirstOrDefault())
                .Join(db.LedgerTraits, e => e.TraitsNumber, t => t.Number, (_, t) => new { t.Upstream })
                .FirstOrDefaultAsync(cancellationToken);
            return found is null ? (Refusals.ResponseNotFound(responseId), null) : (null, found.Upstream);
        }
        catch (Exception fault) when (fault is TimeoutException || DatabaseFaults.IsOfDatabase(fault))
        {
            return (Refusals.StoreUnavailable, null);
        }
    }
}
