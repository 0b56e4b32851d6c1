using System.Collections.Concurrent;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Core.Ledger;

/// <summary>
/// Finds the numbers that stand for the texts of calls, and gives new texts numbers. Remembers what it found: numbers never change. To be
/// used outside of a transaction that may be rolled back, or thrown away with it.
/// </summary>
public sealed class LedgerDictionary(StoreProvider store)
{
    // Some 200 bytes each. What is forgotten is read again.
    private const int MostNames = 100_000;
    private const int MostTraits = 10_000;
    private const int NamesPerQuery = 500;

    private readonly ConcurrentDictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<LedgerTraits, int> _traits = new();

    /// <summary>Sets <see cref="UsageRecord.Numbers"/> of calls.</summary>
    public async Task NumberAsync(HubDbContext db, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        await LearnNamesAsync(db, records, cancellationToken);
        foreach (var record in records)
        {
            record.Numbers = NumbersOf(record);
            var traits = LedgerTraits.Of(record, record.Numbers.Tier);
            if (!_traits.TryGetValue(traits, out var number))
            {
                number = await LearnAsync(db, traits, cancellationToken);
            }
            record.Numbers = record.Numbers with { Traits = number };
        }
    }

    private LedgerNumbers NumbersOf(UsageRecord record) =>
        new(
            _names[record.UserId],
            record.ApiKeyId is null ? 0 : _names[record.ApiKeyId],
            record.TeamId is null ? 0 : _names[record.TeamId],
            _names[record.ModelId],
            _names[record.TierId],
            Traits: 0
        );

    private async Task LearnNamesAsync(HubDbContext db, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        if (_names.Count > MostNames)
        {
            _names.Clear();
        }
        SortedSet<string>? unknown = null; // in one order, so that parallel writers do not wait for one another crosswise
        foreach (var record in records)
        {
            Note(record.UserId);
            Note(record.ApiKeyId);
            Note(record.TeamId);
            Note(record.ModelId);
            Note(record.TierId);
        }
        foreach (var chunk in (unknown ?? []).Chunk(NamesPerQuery))
        {
            await ReadAsync(db, chunk, cancellationToken);
            if (chunk.Where(n => !_names.ContainsKey(n)).ToList() is { Count: > 0 } added)
            {
                await InsertAsync(db, added, cancellationToken);
                await ReadAsync(db, added, cancellationToken);
            }
        }

        void Note(string? name)
        {
            if (name is not null && !_names.ContainsKey(name))
            {
                (unknown ??= new(StringComparer.Ordinal)).Add(name);
            }
        }
    }

    private async Task ReadAsync(HubDbContext db, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var wanted = names.ToList();
        await foreach (
            var name in db
                .LedgerNames.AsNoTracking()
                .Where(n => wanted.Contains(n.Name))
                .AsAsyncEnumerable()
                .WithCancellation(cancellationToken)
        )
        {
            _names[name.Name] = name.Number;
        }
    }

    private async Task InsertAsync(HubDbContext db, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await store.InsertNewAsync(
            (own ?? db.Database.CurrentTransaction!).GetDbTransaction(),
            "ledger_names",
            ["name"],
            "name",
            names.Select(n => new object?[] { n }),
            cancellationToken
        );
        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }
    }

    private async Task<int> LearnAsync(HubDbContext db, LedgerTraits traits, CancellationToken cancellationToken)
    {
        if (_traits.Count is 0 or > MostTraits)
        {
            _traits.Clear();
            foreach (
                var known in await db
                    .LedgerTraits.AsNoTracking()
                    .OrderByDescending(t => t.Number)
                    .Take(MostTraits / 2)
                    .ToListAsync(cancellationToken)
            )
            {
                _traits[known with { Number = 0 }] = known.Number;
            }
            if (_traits.TryGetValue(traits, out var number))
            {
                return number;
            }
        }
        var added = traits with { };
        db.LedgerTraits.Add(added);
        await db.SaveChangesAsync(cancellationToken);
        db.Entry(added).State = EntityState.Detached;
        return _traits[traits] = added.Number;
    }
}
