using System.Diagnostics;
using System.Net.Http.Headers;
using Gateway.Core.Keys;
using Gateway.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Gateway.Tests.Hosting;

/// <summary>
/// Every moment of start and stop obeys the first signal. Each moment is held for as long as it takes by something that hangs, so that the
/// signal comes in it: a test that waits for nothing but the end fails where a signal is swallowed.
/// </summary>
public sealed class SignalTests : IDisposable
{
    private const int Killed = 128 + 15;

    // On a busy machine; what a swallowed signal would wait for hangs for longer.
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-signal-");

    public static TheoryData<string> Signals => ["TERM", "INT", "QUIT"];

    private string DataFolder => Path.Combine(_folder.FullName, "data");

    [Theory, MemberData(nameof(Signals))]
    public async Task Before_the_options_are_read(string signal)
    {
        var dotEnv = Path.Combine(_folder.FullName, ".env");
        MakePipe(dotEnv);
        using var program = HubProgram.Start([], _folder);
        // Opening this end waits until the program has opened its own; it then waits for a line that does not come.
        await using var pipe = await Task.Run(() => new FileStream(dotEnv, FileMode.Open, FileAccess.Write)).WaitAsync(Patience);
        await EndsAfterAsync(program, signal);
    }

    [Theory, MemberData(nameof(Signals))]
    public async Task While_the_database_does_not_answer(string signal)
    {
        using var database = SilentServer.Start();
        using var program = HubProgram.Start([], _folder, ("DATABASE_URL", $"postgres://user@127.0.0.1:{database.Port}/name?Timeout=0"));
        await database.Reached.WaitAsync(Patience);
        await EndsAfterAsync(program, signal);
    }

    [Theory, MemberData(nameof(Signals))]
    public async Task While_the_migration_waits_for_a_lock(string signal)
    {
        Directory.CreateDirectory(DataFolder);
        var file = Path.Combine(DataFolder, "hub.db");
        using var other = new SqliteConnection($"Data Source={file};Pooling=false");
        other.Open();
        Execute(other, "PRAGMA journal_mode=DELETE; CREATE TABLE any (id INTEGER)");
        Execute(other, "BEGIN EXCLUSIVE");
        using var program = HubProgram.Start([], _folder);
        await Eventually.TrueAsync(() => Task.FromResult(program.HasOpen(file)), "it opens the database", Patience);
        await EndsAfterAsync(program, signal);
    }

    [Theory, MemberData(nameof(Signals))]
    public async Task During_the_replay_of_a_journal(string signal)
    {
        var journal = Directory.CreateDirectory(Path.Combine(DataFolder, "journal", "node-1")).FullName;
        MakePipe(Path.Combine(journal, "0000000001-0123456789abcdef.segment")); // reading it waits for ever
        using var program = HubProgram.Start([], _folder, ("NODE_ID", "node-1"));
        await Eventually.TrueAsync(() => Task.FromResult(program.HasOpen(Path.Combine(journal, "lock"))), "it locks the journal", Patience);
        await EndsAfterAsync(program, signal);
    }

    [Theory, MemberData(nameof(Signals))]
    public async Task While_the_first_sync_hangs(string signal)
    {
        using var upstream = SilentServer.Start();
        using var program = HubProgram.Start(
            [],
            _folder,
            ("LITELLM_BASE_URL", $"http://127.0.0.1:{upstream.Port}"),
            ("LITELLM_TIMEOUT", "10m")
        );
        await upstream.Reached.WaitAsync(Patience);
        await EndsAfterAsync(program, signal);
    }

    [Theory, MemberData(nameof(Signals))]
    public async Task When_it_runs_with_the_sandbox(string signal)
    {
        using var program = HubProgram.Start([], _folder);
        await program.AddressAsync();
        await EndsAfterAsync(program, signal);
    }

    [Fact]
    public async Task A_stream_goes_on_after_the_first_signal_and_the_second_one_ends_it_at_once()
    {
        var key = ApiKeyText.Create();
        using var program = HubProgram.Start(
            [],
            _folder,
            ("HUB_BOOTSTRAP_KEY", key.Text),
            ("SHUTDOWN_SECONDS", "600"),
            ("UPSTREAM_IDLE_SECONDS", "600")
        );
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        using var stream = await client.OpenStreamAsync(InferenceCalls.Stream("sandbox-stall"));
        await program.SignalAsync("TERM");
        await Eventually.TrueAsync(() => RefusesAsync(client.BaseAddress!), "it takes no more connections", Patience);
        Assert.False(program.Process.HasExited);
        await program.SignalAsync("TERM");
        Assert.Equal(Killed, (await program.EndAsync(Promptly)).Code);
    }

    [Theory, InlineData("TERM", 143), InlineData("INT", 130)]
    public async Task A_command_that_hangs_ends_with_the_signals_code(string signal, int code)
    {
        using var database = SilentServer.Start();
        using var program = HubProgram.Start(
            ["ledger", "check"],
            _folder,
            ("DATABASE_URL", $"postgres://user@127.0.0.1:{database.Port}/name?Timeout=0")
        );
        await database.Reached.WaitAsync(Patience);
        await program.SignalAsync(signal);
        Assert.Equal((code, ""), await program.EndAsync(Promptly));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task EndsAfterAsync(HubProgram program, string signal)
    {
        var output = program.Process.StandardOutput.ReadToEndAsync();
        await program.SignalAsync(signal);
        Assert.Equal((0, ""), await program.EndAsync(Promptly));
        Assert.DoesNotContain("Exception", await output, StringComparison.Ordinal);
    }

    private static async Task<bool> RefusesAsync(Uri address)
    {
        try
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(address.Host, address.Port);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }

    private static void MakePipe(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
