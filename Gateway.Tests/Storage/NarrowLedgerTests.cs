using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Storage;

/// <summary>What the migration to narrower rows makes of every kind of row that the ledger had.</summary>
public sealed class NarrowLedgerTests
{
    private const string Before = "20261130081500_UnknownPrices";
    private const string Call = "01900000-0000-7000-8000-00000000000a";
    private const string Correction = "01900000-0000-7000-8000-00000000000b";

    private static readonly DateTime Then = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    [Theory, BothDatabases]
    public async Task Every_member_of_a_call_is_carried_over(TestDatabase database)
    {
        using var store = await FilledAsync(database);
        await using var db = store.CreateDbContext();
        var call = await db.UsageRecords.SingleAsync(r => r.Id == Call);
        Assert.Equal(
            new TokenUsage
            {
                Input = 1,
                CacheRead = 2,
                CacheWrite = 3,
                CacheWrite1h = 4,
                InputAudio = 5,
                InputImage = 6,
                InputVideo = 7,
                Output = 8,
                Reasoning = 9,
                OutputAudio = 10,
                OutputImage = 11,
                Items = new() { WebSearches = 12 },
            },
            call.Usage
        );
        Assert.Equal(
            (Then.AddTicks(1_234_560), Then.AddSeconds(1), Then.AddSeconds(2.5)),
            (call.AdmittedAt, call.FirstByteAt, call.EndedAt)
        );
        Assert.Equal(("u", "k", "team", "t", "m"), (call.UserId, call.ApiKeyId, call.TeamId, call.TierId, call.ModelId));
        Assert.Equal(("gpt", "openai", "deployment", 2), (call.ModelName, call.Provider, call.UpstreamModelId, call.Attempts));
        Assert.Equal(("acompletion", "failed", "node_lost", 502), (call.CallType, call.Status, call.Outcome, call.HttpStatus));
        Assert.Equal(
            ("default", "bound", "chatcmpl-1", "mine"),
            (call.ServiceTier, call.UsageSource, call.ExternalRequestId, call.ClientRequestId)
        );
        Assert.Equal((true, false, true, true), (call.IsStream, call.IsCounted, call.IsPrepaid, call.CacheHit));
        Assert.Equal((600L, 400L, 1_000L, 1_500L, 990L), Costs(call));
        Assert.True(await db.LedgerEntries.AnyAsync(e => e.Id == Call && e.IsBound));
    }

    [Theory, BothDatabases]
    public async Task What_a_call_did_not_have_it_has_not_afterwards(TestDatabase database)
    {
        using var store = await FilledAsync(database);
        await using var db = store.CreateDbContext();
        var correction = await db.UsageRecords.SingleAsync(r => r.CorrectsId == Call);
        Assert.Equal((Correction, default(TokenUsage)), (correction.Id, correction.Usage));
        Assert.Equal(
            (null, null, null, null, null),
            (correction.ApiKeyId, correction.TeamId, correction.Provider, correction.UpstreamModelId, correction.FirstByteAt)
        );
        Assert.Equal((-300L, -400L, -700L, 0L, null), Costs(correction));
    }

    [Theory, BothDatabases]
    public async Task Sums_have_numbers_for_their_ids(TestDatabase database)
    {
        using var store = await FilledAsync(database);
        await using var db = store.CreateDbContext();
        var names = await db.LedgerNames.ToDictionaryAsync(n => n.Number, n => n.Name);
        var day = await db.DailyUsage.SingleAsync();
        Assert.Equal(
            (Then.Date, "u", 0, "m", 0, "t", 3L),
            (
                day.BucketStart,
                names[day.UserNumber],
                day.ApiKeyNumber,
                names[day.ModelNumber],
                day.TeamNumber,
                names[day.TierNumber],
                day.Requests
            )
        );
        Assert.Equal(5, await db.UsageTotals.Where(t => t.Grain == UsageGrain.Hour.Name).SumAsync(t => t.Requests));
        Assert.Equal(7, await db.DailyTotals("u").SumAsync(t => t.Requests));
    }

    private static (long, long, long, long, long?) Costs(UsageRecord call) =>
        (call.InputCostNanoUsd, call.OutputCostNanoUsd, call.TotalCostNanoUsd, call.HeldNanoUsd, call.UpstreamCostNanoUsd);

    private static async Task<TestStore> FilledAsync(TestDatabase database)
    {
        var store = await TestStore.CreateAsync(database, Before);
        await using var db = store.CreateDbContext();
        const string columns =
            "id, attempts, external_request_id, client_request_id, upstream_model_id, user_id, api_key_id, team_id, tier_id, model_id, "
            + "model_name, provider, call_type, status, outcome, http_status, is_stream, service_tier, is_counted, is_prepaid, "
            + "held_nano_usd, usage_source, corrects_id, input_tokens, cache_read_tokens, cache_write_tokens, cache_write1h_tokens, "
            + "input_audio_tokens, input_image_tokens, input_video_tokens, output_tokens, reasoning_tokens, output_audio_tokens, "
            + "output_image_tokens, web_searches, input_cost_nano_usd, output_cost_nano_usd, total_cost_nano_usd, "
            + "upstream_cost_nano_usd, admitted_at, first_byte_at, ended_at, cache_hit";
        var zone = database == TestDatabase.Postgres ? "Z" : "";
        await RunAsync(
            db,
            $"INSERT INTO usage_records ({columns}) VALUES ('{Call}', 2, 'chatcmpl-1', 'mine', 'deployment', 'u', 'k', 'team', 't', 'm', "
                + "'gpt', 'openai', 'acompletion', 'failed', 'node_lost', 502, TRUE, 'default', FALSE, TRUE, 1500, 'bound', NULL, "
                + "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 600, 400, 1000, 990, "
                + $"'2026-11-22 10:00:00.123456{zone}', '2026-11-22 10:00:01{zone}', '2026-11-22 10:00:02.5{zone}', TRUE)"
        );
        await RunAsync(
            db,
            $"INSERT INTO usage_records ({columns}) VALUES ('{Correction}', 0, NULL, NULL, NULL, 'u', NULL, NULL, 't', 'm', "
                + "'gpt', NULL, 'acompletion', 'completed', 'corrected', 502, FALSE, 'default', FALSE, FALSE, 0, 'correction', "
                + $"'{Call}', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -300, -400, -700, NULL, "
                + $"'2026-11-22 10:00:00.123456{zone}', NULL, '2026-11-22 10:05:00{zone}', FALSE)"
        );
        const string counts =
            "requests, counted_requests, failed_requests, estimated_requests, prepaid_requests, input_tokens, cache_read_tokens, "
            + "cache_write_tokens, input_media_tokens, output_tokens, reasoning_tokens, output_media_tokens, total_cost_nano_usd, "
            + "output_cost_nano_usd, upstream_cost_nano_usd";
        const string zeros = "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0";
        await RunAsync(
            db,
            $"INSERT INTO usage_daily (bucket_start, user_id, api_key_id, model_id, team_id, tier_id, {counts}) "
                + $"VALUES ('2026-11-22 00:00:00{zone}', 'u', '', 'm', '', 't', 3, {zeros})"
        );
        await RunAsync(
            db,
            $"INSERT INTO usage_totals (grain, bucket_start, user_id, model_id, team_id, tier_id, {counts}) "
                + $"VALUES ('hour', '2026-11-22 10:00:00{zone}', '', '', '', '', 5, {zeros}), "
                + $"('user_day', '2026-11-22 00:00:00{zone}', 'u', 'm', '', '', 7, {zeros})"
        );
        await db.Database.MigrateAsync();
        return store;
    }

    // Rows of the old form are texts of this test's own.
    private static Task RunAsync(HubDbContext db, string sql) => db.Database.ExecuteSqlRawAsync(sql);
}
