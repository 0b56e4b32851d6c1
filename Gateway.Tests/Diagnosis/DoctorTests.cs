using System.Net;
using System.Net.Sockets;
using Gateway.Diagnosis;
using Gateway.Tests.Support;

namespace Gateway.Tests.Diagnosis;

/// <summary><c>doctor</c>: one line a part, each with its remedy, and an exit code by the worst.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-doctor-");

    [Fact]
    public async Task Before_the_first_start_all_is_well_and_nothing_is_made()
    {
        var run = await RunAsync(("SANDBOX", "true"));
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Equal(["options", "data folder", "database", "journal", "upstream", "clock", "port"], Parts(run));
        Assert.All(Lines(run), line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Theory, BothDatabases]
    public async Task Beside_a_running_gateway_all_is_well(TestDatabase database)
    {
        var url = await TestDatabases.CreateAsync(database) ?? "";
        await using var hub = await HubHost.StartAsync(
            folder: _folder,
            settings: url.Length > 0 ? new Dictionary<string, string> { ["DATABASE_URL"] = url } : null
        );
        (await hub.Anonymous.GetAsync("/")).EnsureSuccessStatusCode(); // the first answer of a process takes long on a busy machine
        var run = await RunAsync(("SANDBOX", "true"), ("DATABASE_URL", url), ("SERVER_PORT", $"{hub.Address.Port}"));
        Assert.Equal(0, run.Code);
        Assert.Contains("its schema is that of this version", Line(run, "database"), StringComparison.Ordinal);
        Assert.Contains("agrees with the database", Line(run, "clock"), StringComparison.Ordinal);
        Assert.Contains($"a gateway runs on {hub.Address.Port} already", Line(run, "port"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data folder", "DATA_DIR", "/sys", "set DATA_DIR to another folder")]
    [InlineData("database", "DATABASE_URL", "postgres://user:hush@127.0.0.1:1/name", "the connection was refused")]
    [InlineData("upstream", "LITELLM_BASE_URL", "http://127.0.0.1:1", "check LITELLM_BASE_URL")]
    [InlineData("upstream", "SANDBOX", "false", "Set LITELLM_BASE_URL")]
    [InlineData("port", "SERVER_HOST", "203.0.113.7", "no address of this machine")]
    [InlineData("options", "SERVER_PORT", "x", "expected: a whole number from 0 to 65535")]
    public async Task A_fault_names_the_remedy_and_the_code_is_2(string part, string name, string value, string remedy)
    {
        var run = await RunAsync(("SANDBOX", "true"), (name, value));
        Assert.Equal(2, run.Code);
        Assert.StartsWith("fault ", Line(run, part), StringComparison.Ordinal);
        Assert.Contains(remedy, Line(run, part), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_another_program_is_a_fault()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var run = await RunAsync(("SANDBOX", "true"), ("SERVER_PORT", $"{((IPEndPoint)listener.LocalEndpoint).Port}"));
        Assert.Equal(2, run.Code);
        Assert.Contains("another process listens on", Line(run, "port"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_upstream_refuses_is_a_fault_and_a_good_one_is_not()
    {
        await using var upstream = await Gateway.Sandbox.SandboxHost.StartAsync(new Gateway.Sandbox.SandboxOptions());
        var wrong = await RunAsync(("LITELLM_BASE_URL", upstream.BaseAddress.ToString()), ("LITELLM_API_KEY", "sk-hush"));
        Assert.Equal(2, wrong.Code);
        Assert.Contains("Set LITELLM_API_KEY", Line(wrong, "upstream"), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", wrong.Output, StringComparison.Ordinal);
        var right = await RunAsync(("LITELLM_BASE_URL", upstream.BaseAddress.ToString()), ("LITELLM_API_KEY", upstream.ApiKey));
        Assert.Equal(0, right.Code);
        Assert.Contains("takes the gateway's key", Line(right, "upstream"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_without_effect_are_a_warning_and_the_code_is_1()
    {
        var run = await RunAsync(("SANDBOX", "true"), ("REDIS_URL", "redis://cache"));
        Assert.Equal(1, run.Code);
        Assert.Contains(
            Lines(run),
            line => line.StartsWith("warning ", StringComparison.Ordinal) && line.Contains("REDIS_URL", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Damaged_records_are_a_warning()
    {
        var journal = Directory.CreateDirectory(Path.Combine(_folder.FullName, "journal", "node")).FullName;
        await File.WriteAllTextAsync(Path.Combine(journal, "damaged-0000000001-0123456789abcdef.bin"), "x");
        var run = await RunAsync(("SANDBOX", "true"));
        Assert.Equal(1, run.Code);
        Assert.Contains("ledger check", Line(run, "journal"), StringComparison.Ordinal);
    }

    [Theory, InlineData(1, "Ok"), InlineData(-4, "Ok"), InlineData(60, "Warning"), InlineData(-60, "Warning"), InlineData(3_600, "Fault")]
    [InlineData(-3_600, "Fault")]
    public void A_clock_is_compared_with_the_others(int seconds, string level)
    {
        var ahead = TimeSpan.FromSeconds(seconds);
        Assert.Equal(
            (level, level),
            (ClockCheck.Run(ahead, []).Level.ToString(), ClockCheck.Run(TimeSpan.Zero, [TimeSpan.Zero, ahead]).Level.ToString())
        );
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static string[] Lines(GatewayCommand run) => run.Output.Trim().Split(Environment.NewLine);

    private static IEnumerable<string> Parts(GatewayCommand run) => Lines(run).Select(line => line[9..22].Trim());

    private static string Line(GatewayCommand run, string part) => Lines(run).First(line => line[9..22].Trim() == part);

    private Task<GatewayCommand> RunAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["DATA_DIR"] = _folder.FullName, ["SERVER_PORT"] = "0" };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }
        return GatewayCommand.RunAsync(["doctor"], all);
    }
}
