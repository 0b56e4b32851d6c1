using System.Diagnostics;

namespace Gateway.Tests.Support;

/// <summary>
/// A real MariaDB for this test run: installed when missing, started on a free loopback port with a folder of its own, stopped with the
/// process. Its defaults are unlike what the product needs, as an operator's may be. A test that cannot have it fails.
/// </summary>
public static class MariaDbServer
{
    private const string Server = "/usr/sbin/mariadbd";
    private const string Client = "/usr/bin/mariadb";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<(int Port, string Folder)>> Running = new(StartAsync);

    /// <summary>Makes an empty database and tells its URL.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        var name = "hub_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync($"CREATE DATABASE {name}");
        return await UrlAsync(name);
    }

    /// <summary>The URL of a database that may not be there.</summary>
    /// <param name="name">The database.</param>
    /// <param name="credentials">The user, with a colon and the password.</param>
    public static async Task<string> UrlAsync(string name, string credentials = "root") =>
        $"mysql://{credentials}@127.0.0.1:{(await Running.Value).Port}/{name}?Maximum Pool Size=20&Connection Idle Timeout=10";

    /// <summary>Runs statements as the server's owner.</summary>
    public static async Task ExecuteAsync(string sql) =>
        PostgresServer.Run(Client, "--no-defaults", "-u", "root", "-S", Socket((await Running.Value).Folder), "-e", sql);

    private static string Socket(string folder) => Path.Combine(folder, "s");

    private static async Task<(int Port, string Folder)> StartAsync()
    {
        if (!File.Exists(Server))
        {
            await AptPackages.InstallAsync("mariadb-server");
        }
        if (!File.Exists(Server))
        {
            throw new InvalidOperationException($"MariaDB is not installed (looked for {Server}), and the tests do not do without it.");
        }
        var folder = Directory.CreateTempSubdirectory("hub-mariadb-").FullName;
        var user = Environment.UserName;
        var data = Path.Combine(folder, "data");
        PostgresServer.Run(
            "/usr/bin/mariadb-install-db",
            "--no-defaults",
            $"--user={user}",
            $"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db"
        );
        var port = PostgresServer.FreePort();
        StartWithThisProcess(
            folder,
            "--no-defaults",
            $"--user={user}",
            $"--datadir={data}",
            $"--socket={Socket(folder)}",
            $"--pid-file={folder}/pid",
            $"--log-error={folder}/log",
            $"--port={port}",
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--max-connections=2000",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=256M",
            "--character-set-server=latin1",
            "--default-time-zone=+05:00"
        );
        await WaitAsync(folder);
        return (port, folder);
    }

    private static async Task WaitAsync(string folder)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                PostgresServer.Run("/usr/bin/mariadb-admin", "--no-defaults", "-u", "root", "-S", Socket(folder), "ping");
                return;
            }
            catch (InvalidOperationException) when (watch.Elapsed < Patience)
            {
                await Task.Delay(100);
            }
        }
    }

    // By a process of its own: a test run that is over, or killed, is given no time to stop a server and delete its files.
    private static void StartWithThisProcess(string folder, params string[] arguments)
    {
        const string script = """
            exec </dev/null >/dev/null 2>&1
            parent=$1; folder=$2; shift 2
            "$@" &
            server=$!
            while kill -0 "$parent"; do sleep 1; done
            kill -9 "$server"
            rm -rf "$folder"
            """;
        using var guard = Process.Start(
            new ProcessStartInfo("setsid", ["/bin/sh", "-c", script, "sh", $"{Environment.ProcessId}", folder, Server, .. arguments])
            {
                WorkingDirectory = "/",
            }
        );
    }
}
