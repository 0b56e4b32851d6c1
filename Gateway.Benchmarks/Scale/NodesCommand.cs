using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Core.Keys;
using Gateway.Hosting;
using Npgsql;

namespace Gateway.Benchmarks.Scale;

/// <summary>
/// What nodes ask of a PostgreSQL: statements and transactions a second when idle, and for 1,000 calls, by the server's own count
/// (<c>pg_stat_statements</c>, which the server must have loaded).
/// </summary>
internal static class NodesCommand
{
    private const string Body = """{"model":"sandbox-chat","messages":[{"role":"user","content":"Hi"}],"max_tokens":16}""";

    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ScaleOptions.Read(arguments, "--nodes", "--calls", "--keys");
        if (options.Text("--database") is not { } url)
        {
            Console.Error.WriteLine("nodes needs --database postgres://..., an empty one with pg_stat_statements.");
            return 2;
        }
        var (nodes, calls, keys) = (
            (int)options.Number("--nodes", 3),
            (int)options.Number("--calls", 3_000),
            (int)options.Number("--keys", 30)
        );
        var folder = Directory.CreateTempSubdirectory("hub-nodes-");
        var settings = options.Settings(folder.FullName);
        settings["HUB_BOOTSTRAP_KEY"] = ApiKeyText.Create().Text;
        (settings["ADMIN_EMAIL"], settings["ADMIN_PASSWORD"]) = ("admin@example.com", "a long enough password");
        settings["WARM_UP_SECONDS"] = "0";
        List<HubProcess> hubs = [];
        for (var i = 0; i < nodes; i++)
        {
            var own = new Dictionary<string, string>(settings)
            {
                ["NODE_ID"] = $"node-{i}",
                ["DATA_DIR"] = Path.Combine(folder.FullName, $"node-{i}"),
                ["HUB_ROLE"] = i == 0 ? "all" : "gateway",
            };
            hubs.Add(await HubProcess.StartAsync(ScaleOptions.HostArguments, own));
        }
        try
        {
            await using var server = await ConnectAsync(url);
            var callers = await MakeKeysAsync(hubs[0].Address, keys);
            await CallAsync(hubs, callers, nodes * keys); // each key's first use on each node
            await Task.Delay(Settled);

            var before = await CountAsync(server);
            await Task.Delay(Idle);
            var idle = (await CountAsync(server)).Since(before);
            Write("idle, a node and second", idle, nodes * Idle.TotalSeconds);

            before = await CountAsync(server);
            var start = TimeProvider.System.GetTimestamp();
            await CallAsync(hubs, callers, calls);
            await Task.Delay(TimeSpan.FromSeconds(2)); // the last of them are written
            var elapsed = TimeProvider.System.GetElapsedTime(start);
            var busy = (await CountAsync(server)).Since(before).Less(idle, elapsed / Idle);
            Write("1,000 calls, beyond idle", busy, calls / 1_000.0);
            Console.WriteLine($"{calls / elapsed.TotalSeconds:F0} calls a second, {nodes} nodes, {keys} keys with limits.");
            await ListAsync(server);
        }
        finally
        {
            foreach (var hub in hubs)
            {
                await hub.DisposeAsync();
            }
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private static async Task<NpgsqlConnection> ConnectAsync(string url)
    {
        var place = new Uri(url);
        var user = place.UserInfo.Split(':');
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = place.Host,
                Port = place.Port,
                Database = place.AbsolutePath.Trim('/'),
                Username = Uri.UnescapeDataString(user[0]),
                Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
                Pooling = false,
            }.ToString()
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task<Asked> CountAsync(NpgsqlConnection server)
    {
        await using var command = new NpgsqlCommand(
            "SELECT COALESCE(sum(s.calls), 0)::bigint, COALESCE(sum(s.total_exec_time), 0)::double precision, "
                + "COALESCE(sum(s.wal_bytes), 0)::bigint FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid "
                + "WHERE d.datname = current_database()",
            server
        );
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new Asked(reader.GetInt64(0), reader.GetDouble(1), reader.GetInt64(2));
    }

    private static async Task ListAsync(NpgsqlConnection server)
    {
        await using var command = new NpgsqlCommand(
            "SELECT s.calls, left(regexp_replace(s.query, '\\s+', ' ', 'g'), 110) FROM pg_stat_statements s "
                + "JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database() ORDER BY s.calls DESC LIMIT 20",
            server
        );
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            Console.WriteLine($"{reader.GetInt64(0), 8}  {reader.GetString(1)}");
        }
    }

    private static void Write(string what, Asked asked, double by) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {asked.Statements / by:F1} statements, {asked.Milliseconds / by:F2} ms of the server, "
                    + $"{asked.WalBytes / by:F0} bytes of WAL"
            )
        );

    private static async Task<List<string>> MakeKeysAsync(Uri address, int count)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var signIn = await client.PostAsJsonAsync(
            "/api/v1/auth/login",
            new { email = "admin@example.com", password = "a long enough password" }
        );
        var token = (await signIn.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("token").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        List<string> keys = [];
        for (var i = 0; i < count; i++)
        {
            using var made = await client.PostAsJsonAsync("/api/v1/users/me/api-keys", new { name = $"nodes {i}" });
            var key = await made.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
            using var limited = await client.PostAsJsonAsync(
                "/api/v1/admin/rate-limits",
                new
                {
                    api_key_id = key.GetProperty("id").GetString(),
                    requests_per_minute = 100_000,
                    tokens_per_minute = 100_000_000,
                }
            );
            limited.EnsureSuccessStatusCode();
            keys.Add(key.GetProperty("api_key").GetString()!);
        }
        return keys;
    }

    private static async Task CallAsync(List<HubProcess> hubs, List<string> keys, int calls)
    {
        using var client = new HttpClient();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, calls),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, cancellationToken) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hubs[i % hubs.Count].Address, "/v1/chat/completions"))
                {
                    Content = new StringContent(Body, Encoding.UTF8, "application/json"),
                };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys[i / hubs.Count % keys.Count]);
                using var answer = await client.SendAsync(request, cancellationToken);
                if (!answer.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(cancellationToken));
                }
            }
        );
    }

    private sealed record Asked(long Statements, double Milliseconds, long WalBytes)
    {
        public Asked Since(Asked before) =>
            new(Statements - before.Statements, Milliseconds - before.Milliseconds, WalBytes - before.WalBytes);

        public Asked Less(Asked idle, double times) =>
            new(
                Statements - (long)(idle.Statements * times),
                Milliseconds - (idle.Milliseconds * times),
                WalBytes - (long)(idle.WalBytes * times)
            );
    }
}
