using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;

namespace Gateway.Tests.Hosting;

/// <summary>What keeps the program from starting is one sentence that names the variable and the remedy; the exit code is 1, and no stack
/// trace is written.</summary>
public sealed class StartFaultTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("DATA_DIR", "/sys/hub", "DATA_DIR is \"/sys/hub\"", "set DATA_DIR to another folder")]
    [InlineData("DATA_DIR", "/dev/null/hub", "DATA_DIR is \"/dev/null/hub\"", "set DATA_DIR to another folder")]
    [InlineData("SERVER_HOST", "203.0.113.7", "SERVER_HOST is \"203.0.113.7\", which is no address of this machine", "0.0.0.0")]
    [InlineData("SERVER_HOST", "no-such-host.invalid", "SERVER_HOST is \"no-such-host.invalid\", which has no address", "0.0.0.0")]
    [InlineData("PORT", "x", "PORT is \"x\"", "a TCP port", "SERVER_PORT", "")]
    [InlineData("DATABASE_URL", "oracle://user:hush@host/name", "DATABASE_URL is a text of", "postgres://")]
    [InlineData(
        "DATABASE_URL",
        "sqlite:/sys/hub/hub.db",
        "The folder of the SQLite database (DATABASE_URL) cannot be made",
        "Set DATABASE_URL"
    )]
    [InlineData(
        "DATABASE_URL",
        "sqlite:/sys",
        "The SQLite database \"/sys\" (DATABASE_URL, or hub.db in DATA_DIR) cannot be used: it is a folder",
        "Add the name of a file"
    )]
    [InlineData("DATABASE_URL", "postgres://user:hush@host/name?sslmod=require", "DATABASE_URL has \"sslmod\" after the ?", "npgsql.org")]
    [InlineData(
        "TLS_CERTIFICATE",
        "/no/such.crt",
        "TLS cannot be served with TLS_CERTIFICATE \"/no/such.crt\" and TLS_KEY \"/no/such.key\"",
        "",
        "TLS_KEY",
        "/no/such.key"
    )]
    public async Task A_fault_is_one_sentence(
        string name,
        string value,
        string message,
        string remedy,
        string other = "ANY",
        string otherValue = ""
    )
    {
        using var program = HubProgram.Start([], settings: [(other, otherValue), (name, value)]);
        await SaysAsync(program, message, remedy);
    }

    [Fact]
    public async Task A_build_without_mysql_says_which_one_to_take()
    {
        using var program = HubProgram.Start([], settings: [("DATABASE_URL", "mysql://user:hush@no-such-host.invalid/name")]);
        await (
            BuildFlavour.HasMySql
                ? SaysAsync(program, "MySQL or MariaDB at no-such-host.invalid:3306", "Check the host")
                : SaysAsync(program, "DATABASE_URL (or DB_HOST with DB_PORT or DB_TYPE) names MySQL or MariaDB", "-p:HubDatabase=mysql")
        );
    }

    [Theory, InlineData("SERVER_PORT"), InlineData("PORT")]
    public async Task A_port_in_use_is_one_sentence(string variable)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var program = HubProgram.Start([], settings: [("SERVER_PORT", ""), (variable, $"{port}")]);
        await SaysAsync(
            program,
            $"{variable} is {port}, and another process listens on 127.0.0.1:{port} already",
            $"set {variable} to a free port"
        );
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_one_sentence()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new string('x', 4_096));
        using var program = HubProgram.Start([], settings: [("DATABASE_URL", "sqlite:" + file)]);
        await SaysAsync(program, $"The SQLite database \"{file}\"", "it is not a SQLite database");
        File.Delete(file);
    }

    [Fact]
    public async Task Port_and_host_of_a_platform_are_used_when_ours_are_not_set()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var program = HubProgram.Start([], settings: [("SERVER_PORT", ""), ("PORT", $"{port}"), ("HOST", "127.0.0.1")]);
        Assert.Equal(port, (await program.AddressAsync()).Port);
    }

    [Theory, InlineData(""), InlineData("?sslmode=disable")]
    public async Task A_mysql_server_is_recognised(string query)
    {
        using var server = SilentServer.Start(greeting: [0x4a, 0, 0, 0, 10, .. Encoding.ASCII.GetBytes("8.0.36\0"), .. new byte[60]]);
        using var program = HubProgram.Start([], settings: [("DATABASE_URL", $"postgres://user:hush@127.0.0.1:{server.Port}/name{query}")]);
        await SaysAsync(
            program,
            $"PostgreSQL at 127.0.0.1:{server.Port} (database \"name\", user \"user\") cannot be used: a MySQL "
                + "or MariaDB server (8.0.36) answers there",
            BuildFlavour.HasMySql ? "Begin DATABASE_URL with mysql://" : BuildFlavour.MySqlRemedy
        );
    }

    [Fact]
    public async Task Another_server_is_told_apart()
    {
        using var server = SilentServer.Start(answersOnce: "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        using var program = HubProgram.Start([], settings: [("DATABASE_URL", $"postgres://user:hush@127.0.0.1:{server.Port}/name")]);
        await SaysAsync(program, $"PostgreSQL at 127.0.0.1:{server.Port}", "what answers there is not PostgreSQL");
    }

    private static async Task SaysAsync(HubProgram program, string message, string remedy)
    {
        var output = program.Process.StandardOutput.ReadToEndAsync();
        var (code, errors) = await program.EndAsync(Patience);
        Assert.StartsWith(message, errors, StringComparison.Ordinal);
        Assert.Contains(remedy, errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.DoesNotContain("hush", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await output, StringComparison.Ordinal);
        Assert.Equal(1, code);
    }
}
