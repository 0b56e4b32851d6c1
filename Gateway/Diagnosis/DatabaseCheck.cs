using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Diagnosis;

/// <summary>Does the database answer, and has it the schema of this version?</summary>
internal static class DatabaseCheck
{
    private const string Part = "database";

    /// <summary>Looks.</summary>
    /// <returns>The finding, and how far the database's clock is ahead of this machine's; null when it was not asked.</returns>
    public static async Task<(Finding Finding, TimeSpan? Ahead)> RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<StoreProvider>();
        if (store.IsMissing)
        {
            return (Finding.Ok(Part, $"{store.Location} is not there yet; the first start makes it"), null);
        }
        try
        {
            await using var db = await services
                .GetRequiredService<IDbContextFactory<HubDbContext>>()
                .CreateDbContextAsync(cancellationToken);
            await db.Database.OpenConnectionAsync(cancellationToken);
            var there = (await db.Database.SqlQueryRaw<DateTime>("SELECT CURRENT_TIMESTAMP AS \"Value\"").ToListAsync(cancellationToken))[
                0
            ];
            var ahead = DateTime.SpecifyKind(there, DateTimeKind.Utc) - services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
            return (await SchemaAsync(db, store, cancellationToken), ahead);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            return (Finding.Fault(Part, await store.ExplainAsync(fault, cancellationToken) ?? fault.Message), null);
        }
    }

    /// <summary>Whether there are upstreams that are enabled, in a database that is well.</summary>
    public static async Task<bool> HasUpstreamsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<StoreProvider>().IsMissing)
        {
            return false;
        }
        await using var db = await services.GetRequiredService<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(cancellationToken);
        return await db.Upstreams.AnyAsync(u => u.IsEnabled && !u.IsFromEnvironment, cancellationToken);
    }

    private static async Task<Finding> SchemaAsync(HubDbContext db, StoreProvider store, CancellationToken cancellationToken)
    {
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
        var unknown = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(db.Database.GetMigrations()).ToList();
        return unknown.Count > 0
                ? Finding.Fault(
                    Part,
                    $"{store.Location} has the schema of a later version ({unknown[^1]}). Run that version, or restore "
                        + "a backup of this one's."
                )
            : pending > 0
                ? Finding.Warning(
                    Part,
                    $"{store.Location} answers; {pending} migrations are to be applied. The next start does it, "
                        + "unless MIGRATE_ON_START is false."
                )
            : Finding.Ok(Part, $"{store.Location} answers; its schema is that of this version");
    }
}
