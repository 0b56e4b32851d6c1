using System.Globalization;
using Gateway.Core.Ledger;

namespace Gateway.Benchmarks.Scale;

/// <summary>
/// The rows of a large installation, as SQL that the database runs by itself. Every number follows from a row's number, so that two
/// seedings are alike: 90 days of calls in bursts of ten by one key; user 1 is large (100 keys, one call in twenty), everybody else has the
/// rest in equal parts. Sums are added up from the calls.
/// </summary>
internal sealed class SeedTables(SeedDialect sql, SeedScale scale, DateTime now, string tierId, string paidTierId, string passwordHash)
{
    public const int Days = 90;
    public const int LargeUserKeys = 100;

    private const string Sums =
        "requests, counted_requests, failed_requests, estimated_requests, prepaid_requests, input_tokens, cache_read_tokens, "
        + "cache_write_tokens, input_media_tokens, output_tokens, reasoning_tokens, output_media_tokens, "
        + "total_cost_nano_usd, output_cost_nano_usd, upstream_cost_nano_usd";

    private const int Models = 60;
    private const int Companies = 8;

    private readonly DateTime _start = now.Date.AddDays(1 - Days);

    /// <summary>Table and statement, in order.</summary>
    public IEnumerable<(string Table, string Statement)> All()
    {
        yield return Insert(
            "teams",
            "id, name, description, created_at, updated_at",
            $"'team-' || {sql.Digits("n")}, 'Team ' || n, NULL, {Early}, {Early}",
            sql.Numbers(Teams)
        );
        yield return Insert(
            "companies",
            "id, name, logo_url, description, external_id, created_at, updated_at",
            $"'seed-company-' || n, 'Company ' || n, NULL, NULL, 'seed-company-' || n, {Early}, {Early}",
            sql.Numbers(Companies)
        );
        yield return Insert(
            "models",
            "id, company_id, name, description, features, external_id, aliases, providers, supported_open_ai_params, max_input_tokens, "
                + "max_output_tokens, mode, supports_vision, supports_function_calling, "
                + "supports_parallel_function_calling, supports_web_search, supports_reasoning, prompt_overhead_tokens, "
                + "tools_overhead_tokens, reasoning_outside_max, admin_edited, last_synced_at, created_at, updated_at",
            $"'seed-model-' || n, 'seed-company-' || (1 + n % {Companies}), 'seed-model-' || n, NULL, NULL, 'seed/model-' || n, '[]', "
                + $"'[\"seed\"]', '[]', 128000, 4096, 'chat', {sql.False}, {sql.True}, "
                + $"{sql.False}, {sql.False}, {sql.False}, NULL, NULL, {sql.False}, '[]', NULL, {Early}, {Early}",
            sql.Numbers(Models)
        );
        yield return Insert(
            "model_configs",
            "id, model_id, is_free, is_enabled, price_source, image_token_bound, created_at, updated_at",
            $"'seed-config-' || n, 'seed-model-' || n, {sql.False}, {sql.True}, 'admin', NULL, {Early}, {Early}",
            sql.Numbers(Models)
        );
        var (email, name) = (
            "'user' || n || '@example' || (n % 50) || '.com'",
            "'Name ' || (n * 7919 % 1000) || ' Family' || (n * 104729 % 5000)"
        );
        yield return Insert(
            "users",
            "id, email, username, username_key, name, search_key, phone, password_hash, role, tier_id, team_id, is_active, is_verified, "
                + "is_guest, expires_at, free_tier_status, monthly_token_limit, billing_mode, "
                + "created_at, updated_at, last_login_at, deleted_at",
            $"{User("n")}, {email}, 'user' || n, 'user' || n, {name}, {email} || '\n' || 'user' || n || '\n' || lower({name}), NULL, "
                + $"'{passwordHash}', "
                + "CASE WHEN n % 5000 = 0 THEN 'support' WHEN n % 100 = 0 THEN 'enterprise' ELSE 'customer' END, CASE WHEN n % 3 = 0 "
                + $"THEN '{paidTierId}' ELSE '{tierId}' END, "
                + $"{TeamOf("n")}, {Often("n", 50)}, {sql.True}, {sql.False}, NULL, CASE WHEN n % 40 = 0 THEN 'pending' ELSE "
                + "'approved' END, NULL, NULL, "
                + $"{Spread("n", scale.Users)}, {Spread("n", scale.Users)}, NULL, CASE WHEN n % 97 = 0 THEN {Spread("n", scale.Users)} END",
            sql.Numbers(scale.Users)
        );
        yield return Insert(
            "api_keys",
            "id, user_id, team_id, name, public_id, secret_hash, previous_secret_hash, previous_secret_ends_at, preview, external_id, "
                + "expires_at, is_active, models, allowed_ips, created_at, updated_at, deleted_at",
            $"{Key("n")}, {User(OwnerOf("n"))}, NULL, 'key ' || n, {sql.Digits("n")}, 'none', NULL, NULL, 'sk-hub-...', NULL, NULL, "
                + $"{Often("n", 20)}, '[]', '[]', {Spread("n", scale.Keys)}, {Spread("n", scale.Keys)}, NULL",
            sql.Numbers(scale.Keys)
        );
        yield return UsageRecords();
        yield return Rollup("usage_hourly", isHour: true);
        yield return Rollup("usage_daily", isHour: false);
        foreach (var grain in UsageGrain.All)
        {
            yield return Totals(grain);
        }
        yield return (
            "api_key_usage",
            "INSERT INTO api_key_usage (api_key_id, model_id, request_count, total_cost_nano_usd, last_used_at) "
                + "SELECT api_key_id, model_id, COUNT(*), SUM(total_cost_nano_usd), MAX(admitted_at) FROM usage_records GROUP BY "
                + "api_key_id, model_id"
        );
        yield return (
            "user_accounts",
            "INSERT INTO user_accounts (user_id, balance_nano_usd, total_spent_nano_usd, updated_at) "
                + $"SELECT user_id, 1000000000000 - SUM(CASE WHEN is_prepaid = {sql.True} THEN total_cost_nano_usd ELSE 0 END), "
                + "SUM(total_cost_nano_usd), MAX(ended_at) FROM usage_records GROUP BY user_id"
        );
        foreach (var statement in Decisions())
        {
            yield return statement;
        }
        yield return ("row_counts", "DELETE FROM row_counts"); // those of the first start, which are counted again
        const string scope = "CASE WHEN api_key_id IS NOT NULL THEN 'api_key' WHEN user_id IS NOT NULL THEN 'user' ELSE 'tier' END";
        foreach (
            var (list, kind, detail) in new[]
            {
                ("audit_log", "action", "entity_type"),
                ("transactions", "type", "status"),
                ("budgets", scope, "''"),
            }
        )
        {
            yield return (
                "row_counts",
                $"INSERT INTO row_counts (list, day, kind, detail, entries) SELECT '{list}', "
                    + $"{sql.Bucket("created_at", isHour: false)}, {kind}, {detail}, COUNT(*) FROM {list} GROUP BY 2, 3, 4"
            );
        }
    }

    /// <summary>The id of the user with a number.</summary>
    public static string UserId(long number) => string.Create(CultureInfo.InvariantCulture, $"01900000-0000-7000-8000-{number:D12}");

    private long Teams => Math.Max(scale.Users / 1_000, 2);

    private string Early => sql.Constant(_start.AddDays(-30));

    // What people decided and what came of it: budgets, rates, money, entries of the audit and events.
    private IEnumerable<(string Table, string Statement)> Decisions()
    {
        const string budgetColumns =
            "id, user_id, team_id, api_key_id, tier_id, model_id, max_budget_nano_usd, budget_duration, reset_anchor, external_id, "
            + "source, mode, created_at, updated_at";
        var keyBudgets = scale.Keys / 5;
        yield return Insert(
            "budgets",
            budgetColumns,
            $"{Number(1, "n")}, {User("n")}, NULL, NULL, NULL, NULL, 100000000000, 'monthly', NULL, NULL, 'admin', 'enforce', "
                + $"{Spread("n", scale.Users)}, {Early}",
            sql.Numbers(scale.Users)
        );
        yield return Insert(
            "budgets",
            budgetColumns,
            $"{Number(2, "n")}, NULL, NULL, {Key("n * 5")}, NULL, NULL, 50000000000, NULL, NULL, NULL, 'user', 'enforce', "
                + $"{Spread("n", keyBudgets)}, {Early}",
            sql.Numbers(keyBudgets)
        );
        yield return Insert(
            "budgets",
            budgetColumns,
            $"{Number(3, "n")}, NULL, NULL, NULL, '{tierId}', 'seed-model-' || n, 900000000000, 'monthly', NULL, NULL, 'admin', "
                + $"'enforce', {Early}, {Early}",
            sql.Numbers(3)
        );
        var month = sql.Constant(new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc));
        yield return (
            "budget_spend",
            "INSERT INTO budget_spend (budget_id, subject_id, window_start, spent_nano_usd, updated_at) "
                + $"SELECT b.id, '', {month}, SUM(d.total_cost_nano_usd), {month} FROM budgets b JOIN usage_daily d ON d.user_id = "
                + $"b.user_id WHERE d.bucket_start >= {month} GROUP BY b.id"
        );
        yield return (
            "budget_spend",
            "INSERT INTO budget_spend (budget_id, subject_id, window_start, spent_nano_usd, updated_at) "
                + $"SELECT b.id, '', {sql.Constant(DateTime.UnixEpoch)}, SUM(u.total_cost_nano_usd), MAX(u.last_used_at) FROM budgets "
                + "b JOIN api_key_usage u ON u.api_key_id = b.api_key_id GROUP BY b.id"
        );
        yield return (
            "budget_spend",
            "INSERT INTO budget_spend (budget_id, subject_id, window_start, spent_nano_usd, updated_at) "
                + $"SELECT {Number(3, "1")}, u.id, {month}, 1000, {month} FROM users u WHERE u.tier_id = '{tierId}'"
        );
        yield return Insert(
            "rate_limits",
            "id, tier_id, user_id, team_id, api_key_id, model_id, scope_key, requests_per_minute, requests_per_day, tokens_per_minute, "
                + "tokens_per_day, max_concurrent, mode, created_at, updated_at",
            $"{Number(4, "n")}, NULL, {User("n")}, NULL, NULL, NULL, 'seed:' || n, 600, 0, 0, 0, 0, 'enforce', "
                + $"{Spread("n", scale.Users)}, {Early}",
            sql.Numbers(scale.Users)
        );
        yield return Insert(
            "transactions",
            "id, user_id, type, amount_nano_usd, status, description, balance_after_nano_usd, payment_provider, payment_id, created_at, "
                + "completed_at",
            $"{Number(5, "n")}, {User($"CASE WHEN n % 20 = 0 THEN 1 ELSE 1 + n % {scale.Users} END")}, CASE WHEN n % 50 = 0 THEN "
                + "'refund' ELSE 'deposit' END, 10000000000, CASE WHEN n % 30 = 0 THEN 'pending' ELSE 'completed' END, "
                + $"NULL, 10000000000, 'manual', NULL, {Spread("n", scale.Users * 3)}, {Spread("n", scale.Users * 3)}",
            sql.Numbers(scale.Users * 3)
        );
        yield return Insert(
            "audit_log",
            "id, actor_id, actor_role, action, entity_type, entity_id, \"before\", \"after\", ip, request_id, created_at",
            $"{Number(6, "n")}, {User($"1 + n % {scale.Users}")}, 'admin', CASE n % 4 WHEN 0 THEN 'auth.login' WHEN 1 THEN "
                + "'api_key.created' WHEN 2 THEN 'user.updated' ELSE 'budget.created' END, "
                + $"CASE n % 4 WHEN 1 THEN 'api_key' WHEN 3 THEN 'budget' ELSE 'user' END, {User($"1 + n % {scale.Users}")}, NULL, "
                + $"NULL, '203.0.113.7', NULL, {Spread("n", scale.Keys)}",
            sql.Numbers(scale.Keys)
        );
        yield return Insert(
            "events",
            "id, type, dedupe_key, scope, scope_id, data, created_at, delivered_at, delivery_attempts, next_delivery_at",
            $"{Number(7, "n")}, CASE n % 3 WHEN 0 THEN 'budget.exhausted' ELSE 'budget.threshold' END, 'seed:' || n, 'user', "
                + $"{User($"1 + n % {scale.Users}")}, '{{}}', {Spread("n", scale.Users)}, NULL, 0, NULL",
            sql.Numbers(scale.Users)
        );
        yield return Insert(
            "sessions",
            "id, user_id, created_at, last_used_at, expires_at, revoked_at, revoke_reason, ip, user_agent",
            $"{Number(8, "n")}, {User("n")}, {Spread("n", scale.Users)}, {Spread("n", scale.Users)}, {Spread("n", scale.Users)}, "
                + "NULL, NULL, NULL, NULL",
            sql.Numbers(scale.Users)
        );
    }

    private (string, string) UsageRecords()
    {
        const string columns =
            "id, attempts, external_request_id, client_request_id, upstream_model_id, user_id, api_key_id, team_id, tier_id, model_id, "
            + "model_name, provider, call_type, status, outcome, http_status, is_stream, service_tier, "
            + "is_counted, is_prepaid, held_nano_usd, usage_source, input_tokens, cache_read_tokens, cache_write_tokens, "
            + "cache_write1h_tokens, input_audio_tokens, input_image_tokens, input_video_tokens, output_tokens, "
            + "reasoning_tokens, output_audio_tokens, output_image_tokens, web_searches, input_cost_nano_usd, output_cost_nano_usd, "
            + "total_cost_nano_usd, upstream_cost_nano_usd, admitted_at, first_byte_at, ended_at, cache_hit";
        var seconds = (long)(now - _start).TotalSeconds;
        // Ten calls in turn are one burst of a key; the large user's are spread between the others'.
        var calls =
            $"SELECT n, CASE WHEN n % 20 = 0 THEN 1 + ({sql.Divide("n", "20")}) % {LargeUserKeys} ELSE 1 + ({sql.Divide("n", "10")}) * 2654435761 % {scale.Keys} END AS "
            + $"k, {sql.Divide($"(n - 1) * {seconds}", $"{scale.Usage}")} AS s FROM {sql.Numbers(scale.Usage)}";
        var owners =
            $"SELECT n, k, s, {OwnerOf("k")} AS u, 1 + (k * 7 + ({sql.Divide("n", "500")}) % 3) % {Models} AS m, "
            + $"100 + n * 31 % 4000 AS i, 20 + n * 17 % 900 AS o FROM ({calls}) AS calls";
        var values =
            $"{Number(9, "n")}, 1, 'chatcmpl-' || n, NULL, NULL, {User("u")}, {Key("k")}, {TeamOf("u")}, CASE WHEN u % 3 = 0 THEN "
            + $"'{paidTierId}' ELSE '{tierId}' END, 'seed-model-' || m, 'seed-model-' || m, 'seed', 'acompletion', "
            + "CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'completed' END, CASE WHEN n % 100 = 0 THEN 'upstream_error' ELSE 'ok' END, "
            + $"CASE WHEN n % 100 = 0 THEN 502 ELSE 200 END, {Often("n", 3)}, 'default', "
            + $"{sql.True}, CASE WHEN u % 3 = 1 THEN {sql.True} ELSE {sql.False} END, 0, 'reported', i, 0, 0, 0, 0, 0, 0, o, 0, 0, 0, "
            + "0, i * 150, o * 600, i * 150 + o * 600, NULL, "
            + $"{sql.Time(_start, "s")}, NULL, {sql.Time(_start, "s + 2")}, {sql.False}";
        return ("usage_records", $"INSERT INTO usage_records ({columns}) SELECT {values} FROM ({owners}) AS owners");
    }

    private (string, string) Rollup(string table, bool isHour)
    {
        return (
            table,
            $"INSERT INTO {table} (bucket_start, user_id, api_key_id, model_id, team_id, tier_id, {Sums}) "
                + $"SELECT {sql.Bucket("admitted_at", isHour)}, user_id, api_key_id, model_id, COALESCE(team_id, ''), tier_id, "
                + "COUNT(*), COUNT(*), SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END), 0, SUM(CASE WHEN is_prepaid THEN 1 ELSE 0 END), "
                + "SUM(input_tokens), 0, 0, 0, SUM(output_tokens), 0, 0, "
                + "SUM(total_cost_nano_usd), SUM(output_cost_nano_usd), 0 FROM usage_records GROUP BY 1, user_id, api_key_id, model_id, "
                + "5, tier_id"
        );
    }

    private static (string, string) Totals(UsageGrain grain)
    {
        string[] dimensions = ["user_id", "team_id", "model_id", "tier_id"];
        return (
            "usage_totals",
            $"INSERT INTO usage_totals (grain, bucket_start, {string.Join(", ", dimensions)}, {Sums}) "
                + $"SELECT '{grain.Name}', bucket_start, "
                + $"{string.Join(", ", dimensions.Select(d => grain.Columns.Contains(d) ? d : $"'' AS {d}"))}, "
                + $"{string.Join(", ", Sums.Split(", ").Select(s => $"SUM({s})"))} "
                + $"FROM {(grain.IsHourly ? "usage_hourly" : "usage_daily")} GROUP BY "
                + $"{string.Join(", ", grain.Columns.Prepend("bucket_start"))}"
        );
    }

    private static (string, string) Insert(string table, string columns, string values, string numbers) =>
        (table, $"INSERT INTO {table} ({columns}) SELECT {values} FROM {numbers}");

    private string OwnerOf(string key) =>
        $"(CASE WHEN {key} <= {LargeUserKeys} THEN 1 ELSE 2 + ({key} - {LargeUserKeys + 1}) % {scale.Users - 1} END)";

    private string TeamOf(string user) => $"CASE WHEN {user} % 2 = 0 THEN 'team-' || {sql.Digits($"1 + {user} % {Teams}")} END";

    private string User(string number) => sql.Id(number);

    private string Key(string number) => sql.Id($"500000000000 + {number}");

    private string Number(int kind, string number) => sql.Id($"{kind}00000000000 + {number}");

    private string Often(string number, int never) => $"CASE WHEN {number} % {never} = 0 THEN {sql.False} ELSE {sql.True} END";

    // The rows of a table were made one after another, evenly over the days.
    private string Spread(string number, long count) => sql.Time(_start, $"{number} * {(long)(now - _start).TotalSeconds} / {count}");
}
