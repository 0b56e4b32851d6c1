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

    /// <summary>Why the caller may not have the response; null when it may.</summary>
    public async ValueTask<Refusal?> RefuseAsync(Caller caller, string responseId, CancellationToken cancellationToken)
    {
        try
        {
            await queue.WhenWrittenAsync(caller.User.Id, Patience);
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var (id, userId) = (RecordText.Of(responseId), caller.User.Id);
            var user = db.NumberOf(userId);
            var isOwn = await db
                .LedgerEntries.AsNoTracking()
                .Where(e => string.Compare(e.ExternalRequestId, ResponseIds.First) >= 0)
                .Where(e => string.Compare(e.ExternalRequestId, ResponseIds.Beyond) < 0)
                .AnyAsync(e => e.ExternalRequestId == id && e.UserNumber == user.FirstOrDefault(), cancellationToken);
            return isOwn ? null : Refusals.ResponseNotFound(responseId);
        }
        catch (Exception fault) when (fault is TimeoutException || DatabaseFaults.IsOfDatabase(fault))
        {
            return Refusals.StoreUnavailable;
        }
    }
}
