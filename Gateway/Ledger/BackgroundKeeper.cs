using Gateway.Calls;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>Writes down which response a call goes on as, while the provider makes it in the background.</summary>
internal sealed partial class BackgroundKeeper(
    IDbContextFactory<HubDbContext> databases,
    TimeProvider time,
    ILogger<BackgroundKeeper> logger
)
{
    /// <summary>
    /// Remembers one, with the prices of its admission, before its call is settled and its client knows its id. A database that is away is
    /// logged.
    /// </summary>
    public async Task KeepAsync(Call call, string responseId)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            db.BackgroundCalls.Add(
                new BackgroundCall
                {
                    Id = call.RequestId,
                    ResponseId = responseId,
                    Prices = call.Model.ChargedPrices.ToJson(),
                    CreatedAt = time.GetUtcNow().UtcDateTime,
                }
            );
            await db.SaveChangesAsync();
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            Log.NotKept(logger, call.RequestId, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Request {RequestId} goes on in the background, and the database does not take its name: it stays charged with its "
                + "hold."
        )]
        public static partial void NotKept(ILogger logger, string requestId, Exception fault);
    }
}
