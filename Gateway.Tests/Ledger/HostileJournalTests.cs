using System.Net;
using Gateway.Core.Journal;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Ledger;

/// <summary>
/// A journal may hold anything: what an earlier version wrote, what a damaged disk made of it, what somebody put there. The next start is
/// ready all the same.
/// </summary>
public sealed class HostileJournalTests : IDisposable
{
    private static readonly long[] Numbers = [0, 1, -1, 7, 1L << 48, (1L << 48) + 1, 1L << 60, long.MaxValue, long.MinValue];
    private static readonly string?[] Texts =
    [
        "user-1",
        "",
        "\0",
        "\u0001\u0002",
        "\ud83d",
        "ünï\ufffd",
        new string('x', 400),
        "a'b\"c;--",
        null,
    ];
    private static readonly DateTime[] Times =
    [
        DateTime.MinValue,
        DateTime.MaxValue,
        DateTime.UnixEpoch,
        new(2026, 3, 1, 22, 30, 0, DateTimeKind.Utc),
        new(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc),
        new(9_999, 12, 31, 23, 0, 0, DateTimeKind.Utc),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-hostile-");

    public static IEnumerable<object[]> Journals =>
        from database in TestDatabases.All
        from seed in Enumerable.Range(1, database == TestDatabase.Sqlite ? 3 : 2)
        select new object[] { database, seed };

    [Theory, MemberData(nameof(Journals))]
    public async Task A_start_from_any_journal_is_ready_and_every_sum_can_be_read(TestDatabase database, int seed)
    {
        var random = new Random(seed);
        var good = Guid.CreateVersion7();
        using (var journal = Open())
        {
            for (var i = 0; i < 100; i++)
            {
                journal.TrySettle(Settled(random, Guid.CreateVersion7()));
                journal.TryHold(Held(random, Guid.CreateVersion7()));
                journal.TryExtend(Guid.CreateVersion7(), random.Next(), Of(random, Numbers), default);
            }
            Assert.True(journal.TrySettle(Plain(good)).IsPublished);
        }
        await using var hub = await HubHost.StartAsync(database, folder: _folder);
        Assert.Equal(HttpStatusCode.OK, (await hub.Anonymous.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(1_000, (await hub.RecordAsync(good.ToString())).TotalCostNanoUsd);
        await using (var db = await hub.Databases.CreateDbContextAsync())
        {
            Assert.True(await db.SetAsideRecords.AnyAsync());
        }
        var report = await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None);
        Assert.Empty(report.Differences);
        var signIn = await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = hub.AdminEmail, password = hub.AdminPassword });
        using var admin = hub.NewClient(signIn.Body.Text("access_token"));
        foreach (
            var path in new[]
            {
                "/admin/usage?group_by=day&from=1970-01-01",
                "/admin/usage?group_by=user&from=1970-01-01",
                "/admin/litellm/admin/stats",
                "/admin/litellm/global/spend",
                "/admin/requests",
                "/admin/ledger/check",
            }
        )
        {
            Assert.Equal((path, HttpStatusCode.OK), (path, (await admin.SendAsync("GET", path)).Status));
        }
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).StatusCode);
    }

    [Fact]
    public async Task Charges_of_an_earlier_version_at_the_end_of_the_range_are_brought_in()
    {
        using (var journal = Open())
        {
            for (var i = 0; i < 4; i++)
            {
                var record = Plain(Guid.CreateVersion7());
                record.Usage = new() { Output = 1L << 48 };
                (record.TotalCostNanoUsd, record.OutputCostNanoUsd) = (long.MaxValue, long.MaxValue);
                Assert.True(journal.TrySettle(record).IsPublished);
            }
        }
        await using var hub = await HubHost.StartAsync(folder: _folder);
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal((4, 0), (await db.UsageRecords.CountAsync(), await db.SetAsideRecords.CountAsync()));
        Assert.Equal(long.MaxValue, (await db.BudgetSpend.SingleAsync()).SpentNanoUsd);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private CallJournal Open() =>
        CallJournal.Open(
            JournalFolder.Lock(JournalFolder.PathOf(_folder.FullName, $"{Environment.MachineName}:0")),
            new JournalOptions { SegmentBytes = 1024 * 1024 },
            NullLogger.Instance
        );

    private static T Of<T>(Random random, T[] values) => values[random.Next(values.Length)];

    private static DateTime TimeOf(Random random) => DateTime.SpecifyKind(Of(random, Times), DateTimeKind.Utc);

    private static string TextOf(Random random) => Of(random, Texts) ?? "text";

    private static UsageRecord Settled(Random random, Guid id) =>
        new()
        {
            Id = id.ToString(),
            Attempts = random.Next(),
            UserId = TextOf(random),
            ApiKeyId = Of(random, Texts),
            TeamId = Of(random, Texts),
            TierId = TextOf(random),
            ModelId = TextOf(random),
            ModelName = TextOf(random),
            Provider = Of(random, Texts),
            CallType = TextOf(random),
            Status = TextOf(random),
            Outcome = TextOf(random),
            HttpStatus = random.Next(),
            ServiceTier = TextOf(random),
            UsageSource = TextOf(random),
            IsPrepaid = random.Next(2) == 0,
            Usage = new()
            {
                Input = Of(random, Numbers),
                Output = Of(random, Numbers),
                Reasoning = Of(random, Numbers),
                Items = new() { WebSearches = Of(random, Numbers) },
            },
            InputCostNanoUsd = Of(random, Numbers),
            OutputCostNanoUsd = Of(random, Numbers),
            TotalCostNanoUsd = Of(random, Numbers),
            UpstreamCostNanoUsd = Of(random, Numbers),
            HeldNanoUsd = Of(random, Numbers),
            AdmittedAt = TimeOf(random),
            FirstByteAt = TimeOf(random),
            EndedAt = TimeOf(random),
            Charges = [new BudgetCharge(TextOf(random), TextOf(random), TimeOf(random))],
        };

    private static HoldRecord Held(Random random, Guid id) =>
        new()
        {
            CallId = id,
            Attempt = random.Next(),
            AdmittedAt = TimeOf(random),
            BoundNanoUsd = Of(random, Numbers),
            ApiKeyId = Of(random, Texts),
            UserId = TextOf(random),
            TierId = TextOf(random),
            ModelId = TextOf(random),
            ModelName = TextOf(random),
            CallType = TextOf(random),
            Accounts = (HeldAccount[])[new((HeldScope)random.Next(8), TextOf(random), TextOf(random), TextOf(random), TimeOf(random))],
        };

    private static UsageRecord Plain(Guid id) =>
        new()
        {
            Id = id.ToString(),
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
            Usage = new() { Output = 5 },
            TotalCostNanoUsd = 1_000,
            AdmittedAt = Times[3],
            EndedAt = Times[3].AddSeconds(2),
            Charges = [new BudgetCharge("budget-1", "", Times[3].Date)],
        };
}
