using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Gateway.Core.Storage.Providers;

/// <summary>Says in one line why PostgreSQL cannot be used: what was tried, what came back, and what to do. Never the password.</summary>
internal sealed class PostgresFaultSentences(NpgsqlConnectionStringBuilder target)
{
    private const string Address = "the host and the port in DATABASE_URL (or DB_HOST and DB_PORT)";
    private const string Account = "the user and the password in DATABASE_URL (or DB_USER and DB_PASSWORD)";
    private const string NoTls = "no encryption";
    private const string Driver = "Npgsql";

    private static readonly Dictionary<SocketError, (string What, string Remedy)> Network = new()
    {
        [SocketError.ConnectionRefused] = ("the connection was refused", $"Start the server, or check {Address}"),
        [SocketError.HostNotFound] = ("the host name has no address", $"Check {Address}, and the DNS of this machine"),
        [SocketError.NoData] = ("the host name has no address", $"Check {Address}, and the DNS of this machine"),
        [SocketError.TryAgain] = ("the host name could not be resolved", $"Check {Address}, and the DNS of this machine"),
        [SocketError.HostUnreachable] = ("the host cannot be reached", $"Check {Address}, the network and its firewalls"),
        [SocketError.NetworkUnreachable] = ("the network cannot be reached", $"Check {Address}, the network and its firewalls"),
        [SocketError.TimedOut] = ("it did not answer in time", $"Check {Address}, the network and its firewalls"),
        [SocketError.ConnectionReset] = ("the connection was reset", $"Check {Address}, and the server's log"),
        [SocketError.AccessDenied] = ("the system refused the connection", $"Check {Address}, and the firewall of this machine"),
    };

    // By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static readonly Dictionary<string, (string What, string Remedy)> States = new(StringComparer.Ordinal)
    {
        ["28P01"] = ("the password is wrong", $"Check {Account}"),
        ["28000"] = ("the server does not let this user in", $"Check {Account}, and the server's pg_hba.conf"),
        ["3D000"] = ("there is no such database", "Create it (CREATE DATABASE), or check the name in DATABASE_URL (or DB_NAME)"),
        ["53300"] = ("the server has too many connections", "Raise its max_connections, or lower \"Maximum Pool Size\" in DATABASE_URL"),
        ["53100"] = ("the server's disk is full", "Make room on it"),
        ["57P03"] = ("the server is starting or shutting down", "Try again when it is ready"),
        ["57P01"] = ("the server is shutting down", "Start the server again"),
        ["25006"] = ("the server is read-only, as a standby is", "Give the address of the primary in DATABASE_URL"),
        ["42501"] = ("the user lacks a right", "Make it the owner of the database (ALTER DATABASE ... OWNER TO ...)"),
        ["08P01"] = (
            "the server refused the way of connecting",
            "A PgBouncer in between needs ignore_startup_parameters = options and pool_mode = session"
        ),
    };

    /// <summary>What was tried, for people.</summary>
    public string Location =>
        $"PostgreSQL at {target.Host}:{target.Port} (database \"{target.Database}\", user "
        + $"\"{target.Username ?? Environment.UserName}\")";

    /// <summary>Explains a fault.</summary>
    /// <returns>One line; null when the fault has nothing to do with the database.</returns>
    public async Task<string?> ExplainAsync(Exception fault, CancellationToken cancellationToken)
    {
        var chain = Chain(fault).ToList();
        if (chain.OfType<PostgresException>().FirstOrDefault() is { } refused)
        {
            return Sentence(OfServer(refused));
        }
        if (!chain.Exists(f => f is NpgsqlException or SocketException || f.Source == Driver))
        {
            return null;
        }
        if (chain.OfType<SocketException>().FirstOrDefault() is { } socket && Network.TryGetValue(socket.SocketErrorCode, out var network))
        {
            return Sentence(network);
        }
        if (chain.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
        {
            return Sentence(($"TLS with it failed ({OneLine(tls.Message)})", "Check its certificate, or sslmode in DATABASE_URL"));
        }
        return Sentence(await OfDriverAsync(chain, cancellationToken));
    }

    private static (string What, string Remedy) OfServer(PostgresException refused)
    {
        var (what, remedy) = States.GetValueOrDefault(refused.SqlState, ("it refused", ""));
        if (refused.SqlState == "28000" && refused.MessageText.Contains(NoTls, StringComparison.Ordinal))
        {
            (what, remedy) = (
                "the server wants TLS, or does not let this machine in without it",
                "Add ?sslmode=require to DATABASE_URL, or see the server's pg_hba.conf"
            );
        }
        if (refused.SqlState == "42501" && refused.MessageText.Contains("create database", StringComparison.Ordinal))
        {
            (what, remedy) = States["3D000"];
        }
        return ($"{what} ({refused.SqlState}: {OneLine(refused.MessageText)})", remedy);
    }

    // The driver has no codes for these, only sentences.
    private async Task<(string What, string Remedy)> OfDriverAsync(List<Exception> chain, CancellationToken cancellationToken)
    {
        var text = string.Join(' ', chain.Select(f => f.Message));
        if (text.Contains("No password has been provided", StringComparison.Ordinal))
        {
            return ("it asks for a password, and none is given", $"Check {Account}");
        }
        if (text.Contains("SSL connection requested", StringComparison.Ordinal))
        {
            return ("it has no TLS, and DATABASE_URL asks for it", "Turn on ssl at the server, or take sslmode out of DATABASE_URL");
        }
        if (await MySqlGreeting.ReadAsync(target.Host!, target.Port, cancellationToken) is { } version)
        {
            return (
                $"a MySQL or MariaDB server{(version.Length > 0 ? $" ({version})" : "")} answers there",
                $"The gateway needs PostgreSQL or SQLite: check {Address}"
            );
        }
        return chain.Exists(f => f is TimeoutException) ? Network[SocketError.TimedOut]
            : text.Contains("SSLRequest", StringComparison.Ordinal)
            || chain.Exists(f => f is EndOfStreamException or InvalidOperationException)
                ? ("what answers there is not PostgreSQL", $"Check {Address}")
            : (OneLine(chain[^1].Message), $"Check {Address}");
    }

    private string Sentence((string What, string Remedy) fault) =>
        $"{Location} cannot be used: {fault.What}.{(fault.Remedy.Length > 0 ? $" {fault.Remedy}." : "")}";

    private static IEnumerable<Exception> Chain(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            yield return fault;
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
