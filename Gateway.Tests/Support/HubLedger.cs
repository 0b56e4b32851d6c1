using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Support;

/// <summary>Reads the product's ledger in tests.</summary>
public static class HubLedger
{
    /// <summary>The record of the call with that id (<c>x-oneui-request-id</c>), as soon as it is there.</summary>
    public static Task<UsageRecord> RecordAsync(this HubHost hub, string requestId) =>
        Eventually.NotNullAsync(async () =>
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            return await db.UsageRecords.AsNoTracking().SingleOrDefaultAsync(r => r.Id == requestId);
        });

    /// <summary>The record of the call that this answer belongs to.</summary>
    public static Task<UsageRecord> RecordAsync(this HubHost hub, HttpResponseMessage answer) =>
        hub.RecordAsync(answer.Headers.GetValues("x-oneui-request-id").Single());
}
