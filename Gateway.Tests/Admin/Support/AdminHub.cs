using System.Net;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Ledger;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Support;

/// <summary>A running product and its first admin.</summary>
public sealed class AdminHub : IAsyncDisposable
{
    private AdminHub(HubHost host, Person admin) => (Host, Admin) = (host, admin);

    public HubHost Host { get; }

    /// <summary>The first admin.</summary>
    public Person Admin { get; }

    public HttpClient Anonymous => Host.Anonymous;

    public static async Task<AdminHub> StartAsync(
        TestDatabase database = TestDatabase.Sqlite,
        IReadOnlyDictionary<string, string>? settings = null,
        TimeProvider? time = null,
        (string Email, string Password)? signIn = null,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        var asInstalled = new Dictionary<string, string>(settings ?? new Dictionary<string, string>());
        asInstalled.TryAdd("DEFAULT_MONTHLY_BUDGET", ""); // what admins set is what holds
        var host = await HubHost.StartAsync(database, asInstalled, time, configure: configure);
        return new AdminHub(host, await SignInAsync(host, signIn?.Email ?? host.AdminEmail, signIn?.Password ?? host.AdminPassword));
    }

    /// <summary>A new user with a role of their own, signed in.</summary>
    public async Task<Person> NewPersonAsync(string role = Roles.Customer)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var body = new Dictionary<string, object?>
        {
            ["email"] = email,
            ["password"] = Person.DefaultPassword,
            ["role"] = role,
        };
        var created = await Admin.Client.SendAsync("POST", "/admin/users", body);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return await SignInAsync(Host, email, Person.DefaultPassword);
    }

    public Task<Person> SignInAsync(string email, string password) => SignInAsync(Host, email, password);

    public async Task<T> ReadAsync<T>(Func<HubDbContext, Task<T>> read)
    {
        await using var db = await Host.Databases.CreateDbContextAsync();
        return await read(db);
    }

    /// <summary>Stores rows; calls with their sums, as traffic does, and sums of days with those of everybody.</summary>
    public async Task WriteAsync(params object[] rows)
    {
        await using var db = await Host.Databases.CreateDbContextAsync();
        db.AddRange(rows.Where(r => r is not (UsageRecord or PastSum)));
        foreach (var past in rows.OfType<PastSum>())
        {
            await NumberAsync(db, past);
            db.Add(past.Sum);
            foreach (var grain in UsageGrain.All.Where(g => g.IsHourly == past.Sum is HourlyUsage))
            {
                await AddAsync(db, grain, past.Sum);
            }
        }
        await db.SaveChangesAsync();
        if (rows.OfType<UsageRecord>().ToList() is { Count: > 0 } calls)
        {
            await new UsageBatch(Host.Services.GetRequiredService<StoreProvider>()).WriteAsync(db, calls, default);
        }
    }

    private static async Task NumberAsync(HubDbContext db, PastSum past)
    {
        var sum = past.Sum;
        sum.UserNumber = await NumberOfAsync(past.UserId);
        sum.ApiKeyNumber = await NumberOfAsync(past.ApiKeyId);
        sum.ModelNumber = await NumberOfAsync(past.ModelId);
        sum.TeamNumber = await NumberOfAsync(past.TeamId);
        sum.TierNumber = await NumberOfAsync(past.TierId);

        async Task<int> NumberOfAsync(string name)
        {
            if (name.Length == 0)
            {
                return 0;
            }
            if (await db.LedgerNames.FirstOrDefaultAsync(n => n.Name == name) is { } known)
            {
                return known.Number;
            }
            var added = db.LedgerNames.Add(new LedgerName { Name = name }).Entity;
            await db.SaveChangesAsync();
            return added.Number;
        }
    }

    private static async Task AddAsync(HubDbContext db, UsageGrain grain, UsageRollup sum)
    {
        int Of(string column, int value) => grain.Columns.Contains(column) ? value : 0;
        var (user, team, model, tier) = (
            Of("user_id", sum.UserNumber),
            Of("team_id", sum.TeamNumber),
            Of("model_id", sum.ModelNumber),
            Of("tier_id", sum.TierNumber)
        );
        var totals =
            await db.UsageTotals.FindAsync(grain.Name, user, sum.BucketStart, team, model, tier)
            ?? db.Add(
                new UsageTotals
                {
                    Grain = grain.Name,
                    UserNumber = user,
                    BucketStart = sum.BucketStart,
                    TeamNumber = team,
                    ModelNumber = model,
                    TierNumber = tier,
                }
            ).Entity;
        foreach (
            var number in typeof(UsageSum).GetProperties().Where(p => p.PropertyType == typeof(long) && p.GetIndexParameters().Length == 0)
        )
        {
            number.SetValue(totals, (long)number.GetValue(totals)! + (long)number.GetValue(sum)!);
        }
    }

    public Task<List<AuditEntry>> AuditOfAsync(string entityId) =>
        ReadAsync(db => db.AuditLog.AsNoTracking().Where(a => a.EntityId == entityId).OrderBy(a => a.Id).ToListAsync());

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    internal static async Task<Person> SignInAsync(HubHost host, string email, string password)
    {
        var answer = await host.Anonymous.SendAsync("POST", "/auth/login", new { email, password });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return new Person(host, email, answer.Body);
    }
}
