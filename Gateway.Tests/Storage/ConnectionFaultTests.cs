using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;
using Npgsql;

namespace Gateway.Tests.Storage;

/// <summary>Each fault of a connection says what was tried, what came back and what to do, in one line without the password.</summary>
public sealed class ConnectionFaultTests
{
    private const string Url = "postgres://someone:hush@db.example:6543/books";

    [Theory]
    [InlineData("28P01", "password authentication failed for user \"someone\"", "the password is wrong", "DB_PASSWORD")]
    [InlineData("28000", "role \"someone\" does not exist", "does not let this user in", "pg_hba.conf")]
    [InlineData(
        "28000",
        "no pg_hba.conf entry for host \"10.0.0.1\", user \"someone\", database \"books\", no encryption",
        "the server wants TLS",
        "sslmode=require"
    )]
    [InlineData("3D000", "database \"books\" does not exist", "there is no such database", "CREATE DATABASE")]
    [InlineData("42501", "permission denied to create database", "there is no such database", "CREATE DATABASE")]
    [InlineData("42501", "permission denied for schema public", "the user lacks a right", "owner")]
    [InlineData("53300", "sorry, too many clients already", "too many connections", "max_connections")]
    [InlineData("57P03", "the database system is starting up", "starting or shutting down", "Try again")]
    [InlineData("25006", "cannot execute CREATE TABLE in a read-only transaction", "read-only", "primary")]
    [InlineData("08P01", "unsupported startup parameter: options", "refused the way of connecting", "ignore_startup_parameters")]
    [InlineData("XX000", "something\nelse", "it refused (XX000: something else)", "")]
    public async Task What_the_server_says(string state, string text, string what, string remedy) =>
        Says(await ExplainAsync(new PostgresException(text, "FATAL", "FATAL", state)), what, remedy);

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "the connection was refused")]
    [InlineData(SocketError.HostNotFound, "the host name has no address"), InlineData(SocketError.TryAgain, "could not be resolved")]
    [InlineData(SocketError.HostUnreachable, "the host cannot be reached")]
    [InlineData(SocketError.NetworkUnreachable, "the network cannot be reached")]
    [InlineData(SocketError.TimedOut, "did not answer in time")]
    public async Task What_the_network_says(SocketError error, string what)
    {
        var socket = new SocketException((int)error);
        Says(await ExplainAsync(socket), what, "DB_HOST");
        Says(
            await ExplainAsync(new InvalidOperationException("transient", new NpgsqlException("Failed to connect", socket))),
            what,
            "DB_HOST"
        );
    }

    [Fact]
    public async Task What_tls_says() =>
        Says(
            await ExplainAsync(new NpgsqlException("Exception", new AuthenticationException("The " + "remote certificate was rejected."))),
            "TLS with it failed",
            "sslmode"
        );

    [Fact]
    public async Task What_has_nothing_to_do_with_the_database_is_not_explained()
    {
        Assert.Null(await ExplainAsync(new InvalidOperationException("else", new IOException("else"))));
        Assert.Null(
            await StoreProvider.For(new DatabaseUrl("sqlite", "sqlite:x.db")).ExplainAsync(new IOException("else"), CancellationToken.None)
        );
    }

    [Fact]
    public async Task A_real_server_without_the_database_the_role_or_tls_is_explained()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        var server = new Uri(url);
        await ExecuteAsync(
            url,
            "DROP ROLE IF EXISTS hub_full; CREATE ROLE hub_full LOGIN CONNECTION LIMIT 0; DROP ROLE IF EXISTS "
                + "hub_small; CREATE ROLE hub_small LOGIN"
        );
        Assert.Contains(
            "there is no such database",
            await ConnectAsync($"postgres://postgres@{server.Authority}/none_such"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "does not let this user in",
            await ConnectAsync($"postgres://nobody@{server.Authority}/postgres"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "too many connections",
            await ConnectAsync($"postgres://hub_full@{server.Authority}/postgres"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "it has no TLS",
            await ConnectAsync($"postgres://postgres@{server.Authority}/postgres?sslmode=require"),
            StringComparison.Ordinal
        );
        var settings = new Dictionary<string, string> { ["DATABASE_URL"] = $"postgres://hub_small@{server.Authority}/none_such" };
        var failed = await Assert.ThrowsAsync<Gateway.Hosting.StartFailedException>(() => HubHost.StartAsync(settings: settings));
        Assert.Contains("there is no such database", failed.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("8.0.36"), InlineData("5.5.5-10.11.6-MariaDB")]
    public void A_greeting_of_mysql_tells_its_version(string version) =>
        Assert.Equal(version, MySqlGreeting.VersionIn([0x5b, 0, 0, 0, 10, .. Encoding.ASCII.GetBytes(version), 0, 1, 2, 3]));

    [Fact]
    public void A_refusal_of_mysql_is_known_and_other_servers_are_not_taken_for_it()
    {
        Assert.Equal("", MySqlGreeting.VersionIn([0x40, 0, 0, 0, 0xff, 0x6a, 4, .. "Host is not allowed"u8]));
        Assert.All(
            new[] { "", "+OK", "SSH-2.0-OpenSSH_9.2\r\n", "220 mail\r\n", "\0\0\0\0", "N" },
            text => Assert.Null(MySqlGreeting.VersionIn(Encoding.ASCII.GetBytes(text)))
        );
    }

    private static void Says(string? explained, string what, string remedy)
    {
        Assert.StartsWith(
            "PostgreSQL at db.example:6543 (database \"books\", user \"someone\") cannot be used: ",
            explained,
            StringComparison.Ordinal
        );
        Assert.Contains(what, explained, StringComparison.Ordinal);
        Assert.Contains(remedy, explained, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", explained, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', explained!);
    }

    private static Task<string?> ExplainAsync(Exception fault) =>
        StoreProvider.For(new DatabaseUrl("postgres", Url)).ExplainAsync(fault, CancellationToken.None);

    private static async Task<string> ConnectAsync(string url) =>
        (await GatewayCommand.RunAsync(["ledger", "check"], new Dictionary<string, string> { ["DATABASE_URL"] = url })).Errors;

    private static async Task ExecuteAsync(string url, string sql)
    {
        var server = new Uri(url);
        var database = server.AbsolutePath.Trim('/');
        var target = $"Host={server.Host};Port={server.Port};Username=postgres;Database={database};Pooling=false";
        await using var connection = new NpgsqlConnection(target);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
