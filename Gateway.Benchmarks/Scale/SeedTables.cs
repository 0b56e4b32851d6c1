using System.Globalization;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;

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

    /// <summary>Messages of the large user's first chat.</summary>
    public const int LongChatMessages = 10_000;

    /// <summary>The id of that chat.</summary>
    public static string LongChatId { get; } = "01900000-0000-7000-8000-100000000001";

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
        foreach (var statement in Chats())
        {
            yield return statement;
        }
        foreach (var statement in Ledger())
        {
            yield return statement;
        }
        yield return Rollup("usage_hourly", isHour: true);
        yield return Rollup("usage_daily", isHour: false);
        foreach (var grain in UsageGrain.All)
        {
            yield return Totals(grain);
        }
        yield return (
            "api_key_usage",
            "INSERT INTO api_key_usage (api_key_id, model_id, request_count, total_cost_nano_usd, last_used_at) "
                + $"SELECT k.name, m.name, s.calls, s.cost, {sql.TimeOf("s.latest")} FROM (SELECT api_key_number, model_number, "
                + "COUNT(*) AS calls, SUM(total_cost_nano_usd) AS cost, MAX(admitted_at) AS latest FROM ledger_entries "
                + "GROUP BY api_key_number, model_number) AS s JOIN ledger_names k ON k.number = s.api_key_number "
                + "JOIN ledger_names m ON m.number = s.model_number"
        );
        yield return (
            "user_accounts",
            "INSERT INTO user_accounts (user_id, balance_nano_usd, total_spent_nano_usd, updated_at) "
                + $"SELECT u.name, 1000000000000 - s.prepaid, s.cost, {sql.TimeOf("s.latest")} FROM (SELECT user_number, "
                + "SUM(CASE WHEN is_prepaid THEN total_cost_nano_usd ELSE 0 END) AS prepaid, SUM(total_cost_nano_usd) AS cost, "
                + "MAX(admitted_at + took) AS latest FROM ledger_entries GROUP BY user_number) AS s "
                + "JOIN ledger_names u ON u.number = s.user_number"
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
        var thisMonth = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        var month = sql.Constant(thisMonth);
        yield return (
            "budget_spend",
            "INSERT INTO budget_spend (budget_id, subject_id, window_start, spent_nano_usd, updated_at) "
                + $"SELECT b.id, '', {month}, SUM(d.total_cost_nano_usd), {month} FROM budgets b JOIN ledger_names u ON u.name = "
                + $"b.user_id JOIN usage_daily d ON d.user_number = u.number WHERE d.bucket_start >= "
                + $"{Microseconds(thisMonth)} GROUP BY b.id"
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

    private IEnumerable<(string Table, string Statement)> Ledger()
    {
        yield return (
            "ledger_names",
            "INSERT INTO ledger_names (name) SELECT id FROM users UNION ALL SELECT id FROM api_keys UNION ALL SELECT id FROM teams "
                + "UNION ALL SELECT id FROM models UNION ALL SELECT id FROM tiers"
        );
        // By model, tier, whether it is a stream and whether it failed.
        yield return (
            "ledger_traits",
            "INSERT INTO ledger_traits (model_name, provider, tier_number, call_type, status, outcome, http_status, is_stream, "
                + "service_tier, usage_source, is_counted, cache_hit, attempts) SELECT m.name, 'seed', t.number, 'acompletion', f.status, "
                + $"f.outcome, f.code, s.streams, 'default', 'reported', {sql.True}, {sql.False}, 1 FROM models m "
                + $"JOIN ledger_names t ON t.name IN ('{tierId}', '{paidTierId}') CROSS JOIN (SELECT {sql.True} AS streams UNION ALL "
                + $"SELECT {sql.False}) AS s CROSS JOIN (SELECT 'completed' AS status, 'ok' AS outcome, 200 AS code UNION ALL "
                + "SELECT 'failed', 'upstream_error', 502) AS f WHERE m.company_id LIKE 'seed-%'"
        );
        var seconds = (long)(now - _start).TotalSeconds;
        // Ten calls in turn are one burst of a key; the large user's are spread between the others'.
        var calls =
            $"SELECT n, CASE WHEN n % 20 = 0 THEN 1 + ({sql.Divide("n", "20")}) % {LargeUserKeys} "
            + $"ELSE 1 + ({sql.Divide("n", "10")}) * 2654435761 % {scale.Keys} END AS k, "
            + $"{sql.Divide($"(n - 1) * {seconds}", $"{scale.Usage}")} AS s FROM {sql.Numbers(scale.Usage)}";
        var owners =
            $"SELECT n, k, s, {OwnerOf("k")} AS u, 1 + (k * 7 + ({sql.Divide("n", "500")}) % 3) % {Models} AS m, 100 + n * 31 % 4000 AS i, "
            + $"20 + n * 17 % 900 AS o FROM ({calls}) AS calls";
        yield return (
            "ledger_entries",
            "INSERT INTO ledger_entries (id, admitted_at, took, total_cost_nano_usd, output_cost_nano_usd, input_tokens, output_tokens, "
                + "user_number, model_number, traits_number, api_key_number, team_number, is_prepaid, is_bound, external_request_id) "
                + $"SELECT {sql.InOrder}{sql.CallId("9000000000000000 + n")}, {Microseconds(_start)} + s * 1000000, 2000000, i * 150 + o * 600, "
                + "o * 600, "
                + "i, o, caller.number, model.number, traits.number, api_key.number, team.number, "
                + $"CASE WHEN u % 3 = 1 THEN {sql.True} ELSE {sql.False} END, {sql.False}, 'chatcmpl-' || n FROM ({owners}) AS owners "
                + $"JOIN ledger_names AS caller ON caller.name = {User("u")} JOIN ledger_names AS api_key ON api_key.name = {Key("k")} "
                + "JOIN ledger_names AS model ON model.name = 'seed-model-' || m "
                + $"JOIN ledger_names AS tier ON tier.name = CASE WHEN u % 3 = 0 THEN '{paidTierId}' ELSE '{tierId}' END "
                + $"LEFT JOIN ledger_names AS team ON team.name = {TeamOf("u")} "
                + "JOIN ledger_traits AS traits ON traits.model_name = 'seed-model-' || m AND traits.tier_number = tier.number "
                + $"AND traits.is_stream = {Often("n", 3)} AND traits.http_status = CASE WHEN n % 100 = 0 THEN 502 ELSE 200 END"
        );
    }

    private (string, string) Rollup(string table, bool isHour)
    {
        var length = isHour ? 3_600_000_000 : 86_400_000_000;
        return (
            table,
            $"INSERT INTO {table} (bucket_start, user_number, api_key_number, model_number, team_number, tier_number, {Sums}) "
                + $"SELECT e.admitted_at - e.admitted_at % {length}, e.user_number, e.api_key_number, e.model_number, "
                + "COALESCE(e.team_number, 0), t.tier_number, "
                + "COUNT(*), COUNT(*), SUM(CASE WHEN t.status = 'failed' THEN 1 ELSE 0 END), 0, "
                + "SUM(CASE WHEN e.is_prepaid THEN 1 ELSE 0 END), SUM(e.input_tokens), 0, 0, 0, SUM(e.output_tokens), 0, 0, "
                + "SUM(e.total_cost_nano_usd), SUM(e.output_cost_nano_usd), 0 FROM ledger_entries e "
                + "JOIN ledger_traits t ON t.number = e.traits_number GROUP BY 1, 2, 3, 4, 5, 6"
        );
    }

    private static (string, string) Totals(UsageGrain grain)
    {
        string[] dimensions = ["user_id", "team_id", "model_id", "tier_id"];
        static string Number(string dimension) => dimension.Replace("_id", "_number", StringComparison.Ordinal);
        return (
            "usage_totals",
            $"INSERT INTO usage_totals (grain, bucket_start, {string.Join(", ", dimensions.Select(Number))}, {Sums}) "
                + $"SELECT {grain.Number}, bucket_start, "
                + $"{string.Join(", ", dimensions.Select(d => grain.Columns.Contains(d) ? Number(d) : "0"))}, "
                + $"{string.Join(", ", Sums.Split(", ").Select(s => $"SUM({s})"))} "
                + $"FROM {(grain.IsHourly ? "usage_hourly" : "usage_daily")} GROUP BY "
                + $"{string.Join(", ", grain.Columns.Select(Number).Prepend("bucket_start"))}"
        );
    }

    private static string Microseconds(DateTime time) => UtcTime.ToMicroseconds(time).ToString(CultureInfo.InvariantCulture);

    private static (string, string) Insert(string table, string columns, string values, string numbers) =>
        (table, $"INSERT INTO {table} ({columns}) SELECT {values} FROM {numbers}");

    private string OwnerOf(string key) =>
        $"(CASE WHEN {key} <= {LargeUserKeys} THEN 1 ELSE 2 + ({key} - {LargeUserKeys + 1}) % {scale.Users - 1} END)";

    private string TeamOf(string user) => $"CASE WHEN {user} % 2 = 0 THEN 'team-' || {sql.Digits($"1 + {user} % {Teams}")} END";

    private string User(string number) => sql.Id(number);

    private string Key(string number) => sql.Id($"500000000000 + {number}");

    private string Number(int kind, string number) => sql.Id($"{kind}00000000000 + {number}");

    private string Rarely(string number, int always) => $"CASE WHEN {number} % {always} = 0 THEN {sql.True} ELSE {sql.False} END";

    private string Often(string number, int never) => $"CASE WHEN {number} % {never} = 0 THEN {sql.False} ELSE {sql.True} END";

    // The rows of a table were made one after another, evenly over the days.
    // Every 200th chat is the large user's; its first one is long, all others have as many messages as there are for each.
    private IEnumerable<(string Table, string Statement)> Chats()
    {
        var each = Math.Max(1, scale.Messages / scale.Chats);
        var owner = User($"CASE WHEN n % 200 = 1 THEN 1 ELSE 2 + n % {scale.Users - 1} END");
        var title = "'Topic ' || (n * 7919 % 1000) || ' of ' || (n * 104729 % 5000)";
        yield return Insert(
            "chats",
            "id, user_id, title, title_key, model_used, folder_id, tags, is_favorite, is_archived, message_count, created_at, updated_at",
            $"{Number(1, "n")}, {owner}, {title}, lower({title}), 'seed/model-7', 'folder-' || (n % 11), '[]', {Rarely("n", 7)}, "
                + $"{Rarely("n", 9)}, CASE WHEN n = 1 THEN {LongChatMessages} ELSE {each} END, {Spread("n", scale.Chats)}, "
                + Spread("n", scale.Chats),
            sql.Numbers(scale.Chats)
        );
        yield return Messages(
            1,
            $"1 + ({sql.Divide("n - 1", $"{each}")})",
            $"1 + (n - 1) % {each}",
            $"{scale.Chats * each}",
            $"n > {each}"
        );
        yield return Messages(2, "1", "n", $"{LongChatMessages}", "n > 0");
    }

    private (string Table, string Statement) Messages(int kind, string chat, string number, string count, string where) =>
        (
            "chat_messages",
            "INSERT INTO chat_messages (id, chat_id, sequence_number, role, content, model_used, tokens_input, tokens_output, "
                + "cost_nano_usd, attachments, metadata, is_incomplete, is_failed, created_at) SELECT "
                + $"{Number(kind, "n")}, {Number(1, chat)}, {number}, CASE WHEN n % 2 = 1 THEN 'user' ELSE 'assistant' END, "
                + $"'What was said in message ' || n || ', in some words more than a few', 'seed/model-7', 10, 20, 1000, '[]', '{{}}', "
                + $"{sql.False}, {sql.False}, {Early} FROM {sql.Numbers(long.Parse(count, CultureInfo.InvariantCulture))} WHERE {where}"
        );

    private string Spread(string number, long count) => sql.Time(_start, $"{number} * {(long)(now - _start).TotalSeconds} / {count}");
}
