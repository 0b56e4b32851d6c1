using System.Data.Common;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Tests.Storage;

/// <summary>
/// Databases of releases before this one, with users, keys, limits, budgets and charged calls in them, are taken over as they are. Each
/// stands in <c>Recordings/databases</c>, named by its release; a new release adds its own and changes none.
/// </summary>
public sealed class UpgradeTests
{
    private const string AdminEmail = "admin@example.org";
    private const string AdminPassword = "upgrade-password-1";
    private const int StoredCalls = 31;

    public static TheoryData<string, TestDatabase> Releases =>
        new() { { "0.1.0", TestDatabase.Sqlite }, { "0.1.0", TestDatabase.Postgres } };

    [Theory, MemberData(nameof(Releases))]
    public async Task A_database_of_a_release_before_keeps_its_ledger_and_gets_the_schema_of_today(string release, TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-upgrade-");
        var settings = await RestoreAsync(release, database, folder);
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            using var admin = await SignInAsync(hub);
            var check = (await (await admin.GetAsync("/api/v1/admin/ledger/check")).JsonAsync()).GetProperty("data");
            Assert.True(check.GetProperty("is_clean").GetBoolean(), check.GetRawText());
            Assert.Equal(StoredCalls, check.GetProperty("records").GetInt32());
            await AssertSchemaOfTodayAsync(hub, database);
        }
        folder.Delete(recursive: true);
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Its_calls_are_read_as_they_were(string release, TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-upgrade-");
        var settings = await RestoreAsync(release, database, folder);
        List<UsageRecord> before;
        await using (
            DbConnection connection =
                database == TestDatabase.Sqlite
                    ? new SqliteConnection($"Data Source={folder.FullName}/hub.db;Pooling=false")
                    : new NpgsqlConnection(PostgresOf(settings["DATABASE_URL"]))
        )
        {
            await connection.OpenAsync();
            before = await ReadCallsAsync(connection);
        }
        Assert.Equal(StoredCalls, before.Count);
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            var after = await db.UsageRecords.ToDictionaryAsync(r => r.Id);
            Assert.All(before, call => Assert.Equal(TextOf(call), TextOf(after[call.Id])));
        }
        folder.Delete(recursive: true);
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Its_users_make_keys_and_calls_as_before(string release, TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-upgrade-");
        var settings = await RestoreAsync(release, database, folder);
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            using var admin = await SignInAsync(hub);
            var made = await (await admin.PostAsJsonAsync("/api/v1/users/me/api-keys", new { name = "after the upgrade" })).JsonAsync();
            using var client = hub.NewClient(made.GetProperty("api_key").GetString());
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).StatusCode);
            await Eventually.TrueAsync(
                async () =>
                {
                    var check = (await (await admin.GetAsync("/api/v1/admin/ledger/check")).JsonAsync()).GetProperty("data");
                    return check.GetProperty("is_clean").GetBoolean() && check.GetProperty("records").GetInt32() == StoredCalls + 1;
                },
                "the new call is in the ledger and the sums agree"
            );
        }
        folder.Delete(recursive: true);
    }

    private static string TextOf(UsageRecord call)
    {
        var text = System.Text.Json.JsonSerializer.SerializeToNode(call)!.AsObject();
        text.Remove(nameof(UsageRecord.Charges));
        return text.ToJsonString();
    }

    // From the table of the first release.
    private static async Task<List<UsageRecord>> ReadCallsAsync(DbConnection connection)
    {
        List<UsageRecord> calls = [];
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM usage_records";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            calls.Add(
                new UsageRecord
                {
                    Id = Text("id")!,
                    Attempts = (int)Number("attempts"),
                    ExternalRequestId = Text("external_request_id"),
                    ClientRequestId = Text("client_request_id"),
                    UpstreamModelId = Text("upstream_model_id"),
                    UserId = Text("user_id")!,
                    ApiKeyId = Text("api_key_id"),
                    TeamId = Text("team_id"),
                    TierId = Text("tier_id")!,
                    ModelId = Text("model_id")!,
                    ModelName = Text("model_name")!,
                    Provider = Text("provider"),
                    CallType = Text("call_type")!,
                    Status = Text("status")!,
                    Outcome = Text("outcome")!,
                    HttpStatus = (int)Number("http_status"),
                    IsStream = Flag("is_stream"),
                    ServiceTier = Text("service_tier")!,
                    IsCounted = Flag("is_counted"),
                    IsPrepaid = Flag("is_prepaid"),
                    HeldNanoUsd = Number("held_nano_usd"),
                    UsageSource = Text("usage_source")!,
                    CorrectsId = Text("corrects_id"),
                    Usage = TokenClasses
                        .All.Take(11)
                        .Aggregate(
                            new TokenUsage { Items = new() { WebSearches = Number("web_searches") } },
                            (usage, c) => usage.With(c, Number($"{TokenClasses.NameOf(c).Replace("_1h", "1h")}_tokens"))
                        ),
                    InputCostNanoUsd = Number("input_cost_nano_usd"),
                    OutputCostNanoUsd = Number("output_cost_nano_usd"),
                    TotalCostNanoUsd = Number("total_cost_nano_usd"),
                    UpstreamCostNanoUsd = IsNull("upstream_cost_nano_usd") ? null : Number("upstream_cost_nano_usd"),
                    AdmittedAt = Time("admitted_at"),
                    FirstByteAt = IsNull("first_byte_at") ? null : Time("first_byte_at"),
                    EndedAt = Time("ended_at"),
                    CacheHit = Flag("cache_hit"),
                }
            );
        }
        return calls;

        bool IsNull(string column) => reader.IsDBNull(reader.GetOrdinal(column));
        string? Text(string column) => IsNull(column) ? null : reader.GetString(reader.GetOrdinal(column));
        long Number(string column) => reader.GetInt64(reader.GetOrdinal(column));
        bool Flag(string column) => reader.GetBoolean(reader.GetOrdinal(column));
        DateTime Time(string column) => DateTime.SpecifyKind(reader.GetDateTime(reader.GetOrdinal(column)), DateTimeKind.Utc);
    }

    private static async Task<HttpClient> SignInAsync(HubHost hub)
    {
        var answer = await hub.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { email = AdminEmail, password = AdminPassword });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var client = hub.NewClient(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (await answer.JsonAsync()).GetProperty("token").GetString()
        );
        return client;
    }

    private static async Task AssertSchemaOfTodayAsync(HubHost hub, TestDatabase database)
    {
        using var fresh = await TestStore.CreateAsync(database);
        await using var today = fresh.CreateDbContext();
        await using var upgraded = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(await SchemaTests.ReadColumnsAsync(today, database), await SchemaTests.ReadColumnsAsync(upgraded, database));
        Assert.Equal(await SchemaTests.ReadIndexesAsync(today, database), await SchemaTests.ReadIndexesAsync(upgraded, database));
    }

    private static async Task<Dictionary<string, string>> RestoreAsync(string release, TestDatabase database, DirectoryInfo folder)
    {
        var recording = Path.Combine(
            AppContext.BaseDirectory,
            "Recordings",
            "databases",
            $"{release}.{(database == TestDatabase.Sqlite ? "sqlite" : "postgres.sql")}.gz"
        );
        await using var content = new GZipStream(File.OpenRead(recording), CompressionMode.Decompress);
        if (database == TestDatabase.Sqlite)
        {
            await using var file = File.Create(Path.Combine(folder.FullName, "hub.db"));
            await content.CopyToAsync(file);
            return [];
        }
        var url = await PostgresServer.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(PostgresOf(url));
        await connection.OpenAsync();
        using var script = new StreamReader(content);
        await using var command = new NpgsqlCommand(await script.ReadToEndAsync(), connection);
        await command.ExecuteNonQueryAsync();
        return new Dictionary<string, string> { ["DATABASE_URL"] = url };
    }

    private static string PostgresOf(string url)
    {
        var place = new Uri(url);
        return $"Host={place.Host};Port={place.Port};Username=postgres;Database={place.AbsolutePath.Trim('/')};Pooling=false";
    }
}
