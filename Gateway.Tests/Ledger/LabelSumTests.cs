using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>Sums of tags and end users by day: right, bounded, and computable again.</summary>
public sealed class LabelSumTests
{
    private static readonly DateTime Day = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly AttributionOptions Few = new() { MaxEndUsersPerDay = 2, MaxTagsPerDay = 2 };

    [Theory, BothDatabases]
    public async Task Each_tag_and_end_user_of_a_day_is_added_up(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await WriteAsync(store, new AttributionOptions(), Call(1, "ann", "web", "eu"), Call(2, "bob", "web"), Call(3, null));
        Assert.Equal(
            [("ann", 1L, 1L), ("bob", 1L, 2L)],
            (await SumsAsync(store, LabelKinds.EndUser)).Select(s => (s.Label, s.Requests, s.TotalCostNanoUsd))
        );
        Assert.Equal(
            [("eu", 1L, 1L), ("web", 2L, 3L)],
            (await SumsAsync(store, LabelKinds.Tag)).Select(s => (s.Label, s.Requests, s.TotalCostNanoUsd))
        );
        await AssertRightAsync(store);
    }

    [Theory, BothDatabases]
    public async Task What_is_beyond_the_bound_is_added_up_together_and_named_in_its_rows(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await WriteAsync(store, Few, Call(1, "u1", "a", "b", "c", "d"), Call(2, "u2"));
        await WriteAsync(store, Few, Call(3, "u3"), Call(4, "u1", "a")); // another process: it knows the day from the sums
        Assert.Equal(
            [("", 1L, 3L), ("u1", 2L, 5L), ("u2", 1L, 2L)],
            (await SumsAsync(store, LabelKinds.EndUser)).Select(s => (s.Label, s.Requests, s.TotalCostNanoUsd))
        );
        Assert.Equal(
            [("", 1L), ("a", 2L), ("b", 1L)], // a call counts once for all that it has beyond
            (await SumsAsync(store, LabelKinds.Tag)).Select(s => (s.Label, s.Requests))
        );
        await using var db = store.CreateDbContext();
        Assert.Equal(["u1", "u1", "u2", "u3"], (await db.UsageRecords.Select(r => r.EndUser).ToListAsync()).Order());
        await AssertRightAsync(store);
    }

    [Theory, BothDatabases]
    public async Task The_bound_is_that_of_one_user_and_one_day(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        var tomorrow = Call(3, "u3");
        (tomorrow.AdmittedAt, tomorrow.EndedAt) = (Day.AddDays(1), Day.AddDays(1));
        var other = Call(4, "u4");
        other.UserId = "user-2";
        await WriteAsync(store, Few, Call(1, "u1"), Call(2, "u2"), tomorrow, other);
        Assert.Equal(["u1", "u2", "u3", "u4"], (await SumsAsync(store, LabelKinds.EndUser)).Select(s => s.Label));
    }

    [Fact]
    public void A_call_in_flight_at_a_crash_keeps_its_labels()
    {
        var hold = Journal.Calls.Hold(Guid.CreateVersion7()) with { EndUser = "ann", Tags = ["web"] };
        var record = JournalRecords.CrashedCall(hold, CrashSettle.Bound, Day);
        Assert.Equal("ann", record.EndUser);
        Assert.Equal(["web"], record.Tags);
    }

    private static async Task WriteAsync(TestStore store, AttributionOptions options, params UsageRecord[] records)
    {
        await using var db = store.CreateDbContext();
        await new UsageBatch(store.Provider, options).WriteAsync(db, records, CancellationToken.None);
    }

    private static async Task<List<UsageByLabel>> SumsAsync(TestStore store, int kind)
    {
        await using var db = store.CreateDbContext();
        return
        [
            .. (await db.UsageByLabel.AsNoTracking().Where(s => s.Kind == kind).ToListAsync()).OrderBy(
                s => s.Label,
                StringComparer.Ordinal
            ),
        ];
    }

    private static async Task AssertRightAsync(TestStore store)
    {
        var report = await new LedgerAudit(store, store.Provider, TimeProvider.System).CheckAsync(CancellationToken.None);
        Assert.Equal(0, report.DifferenceCount);
    }

    private static UsageRecord Call(long cost, string? endUser, params string[] tags) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Attempts = 1,
            UserId = "user-1",
            ApiKeyId = "key-1",
            TierId = "tier-1",
            ModelId = "model-1",
            ModelName = "gpt-4o-mini",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = new() { Input = 10, Output = 3 },
            TotalCostNanoUsd = cost,
            AdmittedAt = Day.AddHours(3),
            EndedAt = Day.AddHours(4),
            EndUser = endUser,
            Tags = tags,
        };
}
