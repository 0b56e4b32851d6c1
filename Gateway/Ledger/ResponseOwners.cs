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
    // What the API is called in ledger entries; the index over them names it too.
    private const string CallType = "aresponses";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Why the caller may not have the response; null when it may.</summary>
    public async ValueTask<Refusal?> RefuseAsync(Caller caller, string responseId, CancellationToken cancellationToken)
    {
        try
        {
            await queue.WhenWrittenAsync(caller.User.Id, Patience);
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var (id, userId) = (RecordText.Of(responseId), caller.User.Id);
            var isOwn = await db
                .UsageRecords.AsNoTracking()
                .AnyAsync(r => r.ExternalRequestId == id && r.CallType == CallType && r.UserId == userId, cancellationToken);
            return isOwn ? null : Refusals.ResponseNotFound(responseId);
        }
        catch (Exception fault) when (fault is TimeoutException || DatabaseFaults.IsOfDatabase(fault))
        {
            return Refusals.StoreUnavailable;
        }
    }
}
