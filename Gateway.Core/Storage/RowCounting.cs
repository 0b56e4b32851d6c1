using System.Data.Common;
using System.Runtime.CompilerServices;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Gateway.Core.Storage;

/// <summary>
/// Keeps <c>row_counts</c>: what a transaction did to rows of long lists is counted in that transaction, so that the counts are never
/// wrong. They are written last of all, in one order: nobody who waits for one of them holds what its owner still needs.
/// </summary>
internal sealed class RowCounting(StoreProvider store) : DbTransactionInterceptor, ISaveChangesInterceptor
{
    private static readonly string[] Columns = ["list", "day", "kind", "detail", "entries"];

    private readonly ConditionalWeakTable<DbContext, Pending> _pending = [];

    /// <inheritdoc />
    public ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        Collect(eventData.Context!);
        return new(result);
    }

    /// <inheritdoc />
    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        throw new NotSupportedException("Save asynchronously.");

    /// <inheritdoc />
    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        End(eventData.Context!, isSaved: true);
        return new(result);
    }

    /// <inheritdoc />
    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData.Context!, isSaved: false);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData.Context!, isSaved: false);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection,
        TransactionEndEventData eventData,
        DbTransaction result,
        CancellationToken cancellationToken = default
    )
    {
        // What an earlier transaction left that was not committed has not happened.
        if (_pending.TryGetValue(eventData.Context!, out var pending) && !pending.IsSaving)
        {
            pending.Changes.Clear();
        }
        return new(result);
    }

    /// <inheritdoc />
    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context is { } context && _pending.TryGetValue(context, out var pending) && pending.Changes.Count > 0)
        {
            var counts = pending
                .Changes.GroupBy(c => c.Key, c => c.Rows)
                .Select(g => (g.Key, Rows: g.Sum()))
                .Where(c => c.Rows != 0)
                .OrderBy(c => c.Key);
            await store.WriteRowsAsync(
                transaction,
                values => store.UpsertSql("row_counts", Columns, values, Columns[..4], Columns[4..], []),
                counts.Select(c => new object?[] { c.Key.List, c.Key.Day, c.Key.Kind, c.Key.Detail, c.Rows }),
                cancellationToken
            );
            pending.Changes.Clear();
        }
        return result;
    }

    private void Collect(DbContext context)
    {
        var pending = _pending.GetOrCreateValue(context);
        if (context.Database.CurrentTransaction is null)
        {
            pending.Changes.Clear();
        }
        (pending.IsSaving, pending.Before) = (true, pending.Changes.Count);
        foreach (var entry in context.ChangeTracker.Entries<ICountedRow>())
        {
            var list = entry.Metadata.GetTableName()!;
            if (entry.State is EntityState.Modified or EntityState.Deleted)
            {
                Add(list, (ICountedRow)entry.OriginalValues.ToObject(), -1);
            }
            if (entry.State is EntityState.Modified or EntityState.Added)
            {
                Add(list, entry.Entity, 1);
            }
        }
        if (pending.Changes.Count > 0)
        {
            context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always; // one row is else saved without a transaction
        }

        void Add(string list, ICountedRow row, long rows) =>
            pending.Changes.Add(((list, UtcTime.DayOf(row.CreatedAt), row.Kind, row.Detail), rows));
    }

    private void End(DbContext context, bool isSaved)
    {
        var pending = _pending.GetOrCreateValue(context);
        pending.IsSaving = false;
        if (!isSaved)
        {
            pending.Changes.RemoveRange(pending.Before, pending.Changes.Count - pending.Before);
        }
    }

    private sealed class Pending
    {
        public List<((string List, DateTime Day, string Kind, string Detail) Key, long Rows)> Changes { get; } = [];

        /// <summary>How many changes were there when the save began that is under way.</summary>
        public int Before { get; set; }

        public bool IsSaving { get; set; }
    }
}
