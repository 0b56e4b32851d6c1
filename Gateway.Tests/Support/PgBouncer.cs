using System.Diagnostics;
using System.Net.Sockets;

namespace Gateway.Tests.Support;

/// <summary>
/// A real PgBouncer in transaction mode before the test run's PostgreSQL: installed when missing, on a free loopback port. It has few
/// sessions at the server, so that each of a gateway's transactions gets another one's.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private const int ServerSessions = 4;

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly int _port;

    private PgBouncer(Process process, DirectoryInfo folder, int port) => (_process, _folder, _port) = (process, folder, port);

    /// <summary>Starts one before the server of a database.</summary>
    /// <param name="url">The database's URL.</param>
    /// <param name="more">Further lines of its configuration.</param>
    public static async Task<PgBouncer> StartAsync(string url, string more = "ignore_startup_parameters = options")
    {
        await Installed.Value;
        var folder = Directory.CreateTempSubdirectory("hub-pgbouncer-");
        var port = PostgresServer.FreePort();
        var file = Path.Combine(folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(
            file,
            $"""
            [databases]
            * = host=127.0.0.1 port={new Uri(url).Port} user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = {ServerSessions}
            max_client_conn = 200
            {more}

            """
        );
        var process = Process.Start(
            Environment.IsPrivilegedProcess
                ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", "pgbouncer", "-q", file]) { WorkingDirectory = "/" }
                : new ProcessStartInfo("pgbouncer", ["-q", file]) { WorkingDirectory = "/" }
        )!;
        if (Environment.IsPrivilegedProcess)
        {
            PostgresServer.Run("chmod", "-R", "a+rX", folder.FullName);
        }
        var bouncer = new PgBouncer(process, folder, port);
        await Eventually.TrueAsync(bouncer.TakesConnectionsAsync, "PgBouncer takes connections");
        return bouncer;
    }

    /// <summary>The URL of the same database through it.</summary>
    public string UrlOf(string url) => url.Replace($":{new Uri(url).Port}/", $":{_port}/", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> TakesConnectionsAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task InstallAsync()
    {
        if (!IsThere())
        {
            await AptPackages.InstallAsync("pgbouncer");
        }
        if (!IsThere())
        {
            throw new InvalidOperationException(
                "PgBouncer is not installed (looked for pgbouncer in /usr/sbin and the PATH), and the tests do not do without it."
            );
        }
    }

    private static bool IsThere() =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(Path.PathSeparator)
            .Append("/usr/sbin")
            .Any(folder => File.Exists(Path.Combine(folder, "pgbouncer")));
}
