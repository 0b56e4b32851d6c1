namespace Gateway.Tests.Support;

/// <summary>
/// A PostgreSQL of one test, which it may stop and start. Its data are on the disk as after a crash: what was committed is there.
/// </summary>
internal sealed class OwnPostgres : IDisposable
{
    private readonly string _programs;
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-postgres-").FullName;
    private readonly int _port = PostgresServer.FreePort();

    private OwnPostgres(string programs)
    {
        _programs = programs;
        if (Environment.IsPrivilegedProcess)
        {
            PostgresServer.Run("chown", "postgres", _folder);
        }
        PostgresServer.RunAsServer(
            Path.Combine(programs, "initdb"),
            "-D",
            $"{_folder}/data",
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
            "-E",
            "UTF8"
        );
    }

    public string Url => $"postgres://postgres@127.0.0.1:{_port}/postgres?Maximum Pool Size=20";

    public static async Task<OwnPostgres> StartAsync()
    {
        var server = new OwnPostgres(await PostgresServer.FindOrInstallAsync());
        server.Start();
        return server;
    }

    public void Start() =>
        Control(
            "start",
            "-w",
            "-l",
            $"{_folder}/log",
            "-o",
            $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c max_connections=100"
        );

    /// <summary>Ends it as a crash does: no connection is closed properly, no checkpoint is made.</summary>
    public void StopAtOnce() => Control("stop", "-m", "immediate");

    public void Dispose()
    {
        StopAtOnce();
        Directory.Delete(_folder, recursive: true);
    }

    private void Control(string command, params string[] more) =>
        PostgresServer.RunAsServer(Path.Combine(_programs, "pg_ctl"), [command, "-D", $"{_folder}/data", .. more]);
}
