using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Gateway.Tests.Support;

/// <summary>
/// A real PostgreSQL for this test run: installed when missing, started on a free loopback port with a folder of its own, stopped with the
/// process. A test that cannot have it fails.
/// </summary>
public static class PostgresServer
{
    private static readonly Lazy<Task<int>> Port = new(StartAsync);

    /// <summary>Makes an empty database and tells its URL.</summary>
    public static async Task<string> CreateDatabaseAsync(string template = "template1")
    {
        var name = "hub_" + Guid.NewGuid().ToString("N");
        var port = await Port.Value;
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template}", connection);
        await command.ExecuteNonQueryAsync();
        return $"postgres://postgres@127.0.0.1:{port}/{name}?Maximum Pool Size=20&Connection Idle Lifetime=15&Connection Pruning Interval=5";
    }

    private static async Task<int> StartAsync()
    {
        var programs = await FindOrInstallAsync();
        var folder = Directory.CreateTempSubdirectory("hub-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "postgres", folder); // PostgreSQL refuses to run as root
        }
        var port = FreePort();
        RunAsServer(Path.Combine(programs, "initdb"), "-D", $"{folder}/data", "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8");
        StopWithThisProcess(Path.Combine(programs, "pg_ctl"), folder);
        RunAsServer(
            Path.Combine(programs, "pg_ctl"),
            "start",
            "-w",
            "-D",
            $"{folder}/data",
            "-l",
            $"{folder}/log",
            "-o",
            $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=500"
        );
        return port;
    }

    // By a process of its own: a test run that is over, or killed, is given no time to stop a server and delete its files.
    private static void StopWithThisProcess(string pgCtl, string folder)
    {
        const string script = """
            exec </dev/null >/dev/null 2>&1
            while kill -0 "$1"; do sleep 1; done
            if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$2" stop -D "$3/data" -m immediate; else "$2" stop -D "$3/data" -m immediate; fi
            rm -rf "$3"
            """;
        using var guard = Process.Start(
            new ProcessStartInfo("setsid", ["/bin/sh", "-c", script, "sh", $"{Environment.ProcessId}", pgCtl, folder])
            {
                WorkingDirectory = "/",
            }
        );
    }

    internal static async Task<string> FindOrInstallAsync()
    {
        if (Find() is { } found)
        {
            return found;
        }
        await AptPackages.InstallAsync("postgresql");
        return Find()
            ?? throw new InvalidOperationException(
                "PostgreSQL is not installed (looked in /usr/lib/postgresql/*/bin), and the tests do not do without it."
            );
    }

    private static string? Find() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderDescending()
                .Select(d => Path.Combine(d, "bin"))
                .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : null;

    internal static void RunAsServer(string program, params string[] arguments)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Run("runuser", ["-u", "postgres", "--", program, .. arguments]);
        }
        else
        {
            Run(program, arguments);
        }
    }

    // Output is not piped: the server would inherit the pipe and keep it open for ever.
    internal static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments])
        {
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
