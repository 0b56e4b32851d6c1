using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>Numbers stand for texts, the same for whoever asks.</summary>
public sealed class LedgerDictionaryTests
{
    [Theory, BothDatabases]
    public async Task Two_writers_have_the_same_numbers_for_the_same_ids(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        var (first, second) = (Call("a"), Call("a"));
        await NumberAsync(store, new LedgerDictionary(store.Provider), first);
        await NumberAsync(store, new LedgerDictionary(store.Provider), second);
        Assert.Equal(first.Numbers, second.Numbers);
        Assert.DoesNotContain(0, new[] { first.Numbers.User, first.Numbers.Model, first.Numbers.Tier, first.Numbers.Traits });
    }

    [Theory, BothDatabases]
    public async Task Calls_that_differ_in_anything_that_repeats_differ_in_their_traits(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        var dictionary = new LedgerDictionary(store.Provider);
        var calls = Enumerable.Range(0, 5).Select(_ => Call("a")).ToList();
        calls[1].HttpStatus = 499;
        calls[2].Provider = null;
        calls[3].TierId = "another";
        calls[4].CacheHit = !calls[4].CacheHit;
        foreach (var call in calls)
        {
            await NumberAsync(store, dictionary, call);
        }
        Assert.Equal(5, calls.Select(c => c.Numbers.Traits).Distinct().Count());
        await using var db = store.CreateDbContext();
        Assert.Equal(5, await db.LedgerTraits.CountAsync());
    }

    private static async Task NumberAsync(TestStore store, LedgerDictionary dictionary, UsageRecord call)
    {
        await using var db = store.CreateDbContext();
        await dictionary.NumberAsync(db, [call], CancellationToken.None);
    }

    private static UsageRecord Call(string user)
    {
        var call = Journal.Calls.Usage(Guid.CreateVersion7());
        call.UserId = user;
        return call;
    }
}
