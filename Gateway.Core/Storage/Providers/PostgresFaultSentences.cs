using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Gateway.Core.Storage.Providers;

/// <summary>Says in one line why PostgreSQL cannot be used: what was tried, what came back, and what to do. Never the password.</summary>
internal sealed class PostgresFaultSentences(NpgsqlConnectionStringBuilder target)
{
    private const string NoTls = "no encryption";
    private const string Driver = "Npgsql";

    // By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static readonly Dictionary<string, (string What, string Remedy)> States = new(StringComparer.Ordinal)
    {
        ["28P01"] = ("the password is wrong", $"Check {ConnectionFaults.Account}"),
        ["28000"] = ("the server does not let this user in", $"Check {ConnectionFaults.Account}, and the server's pg_hba.conf"),
        ["3D000"] = ("there is no such database", "Create it (CREATE DATABASE), or check the name in DATABASE_URL (or DB_NAME)"),
        ["53300"] = ("the server has too many connections", "Raise its max_connections, or lower DATABASE_CONNECTIONS"),
        ["53100"] = ("the server's disk is full", "Make room on it"),
        ["57P03"] = ("the server is starting or shutting down", "Try again when it is ready"),
        ["57P01"] = ("the server is shutting down", "Start the server again"),
        ["25006"] = ("the server is read-only, as a standby is", "Give the address of the primary in DATABASE_URL"),
        ["42501"] = ("the user lacks a right", "Make it the owner of the database (ALTER DATABASE ... OWNER TO ...)"),
        ["08P01"] = ("the server refused the way of connecting", "A PgBouncer in between needs ignore_startup_parameters = options"),
    };

    /// <summary>What was tried, for people.</summary>
    public string Location =>
        $"PostgreSQL at {target.Host}:{target.Port} (database \"{target.Database}\", user "
        + $"\"{target.Username ?? Environment.UserName}\")";

    /// <summary>Explains a fault.</summary>
    /// <returns>One line; null when the fault has nothing to do with the database.</returns>
    public async Task<string?> ExplainAsync(Exception fault, CancellationToken cancellationToken)
    {
        var chain = ConnectionFaults.Chain(fault).ToList();
        if (chain.OfType<PostgresException>().FirstOrDefault() is { } refused)
        {
            return Sentence(OfServer(refused));
        }
        if (!chain.Exists(f => f is NpgsqlException or SocketException || f.Source == Driver))
        {
            return null;
        }
        if (ConnectionFaults.OfNetwork(chain) is { } network)
        {
            return Sentence(network);
        }
        if (chain.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
        {
            return Sentence(
                ($"TLS with it failed ({ConnectionFaults.OneLine(tls.Message)})", "Check its certificate, or sslmode in DATABASE_URL")
            );
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
        return ($"{what} ({refused.SqlState}: {ConnectionFaults.OneLine(refused.MessageText)})", remedy);
    }

    // The driver has no codes for these, only sentences.
    private async Task<(string What, string Remedy)> OfDriverAsync(List<Exception> chain, CancellationToken cancellationToken)
    {
        var text = string.Join(' ', chain.Select(f => f.Message));
        if (text.Contains("No password has been provided", StringComparison.Ordinal))
        {
            return ("it asks for a password, and none is given", $"Check {ConnectionFaults.Account}");
        }
        if (text.Contains("SSL connection requested", StringComparison.Ordinal))
        {
            return ("it has no TLS, and DATABASE_URL asks for it", "Turn on ssl at the server, or take sslmode out of DATABASE_URL");
        }
        if (await MySqlGreeting.ReadAsync(target.Host!, target.Port, cancellationToken) is { } version)
        {
            return (
                $"a MySQL or MariaDB server{(version.Length > 0 ? $" ({version})" : "")} answers there",
                BuildFlavour.HasMySql
                    ? "Begin DATABASE_URL with mysql:// (or set DB_TYPE=mysql)"
                    : $"Check {ConnectionFaults.Address}; {BuildFlavour.MySqlRemedy}"
            );
        }
        return chain.Exists(f => f is TimeoutException) ? ConnectionFaults.TimedOut
            : text.Contains("SSLRequest", StringComparison.Ordinal)
            || chain.Exists(f => f is EndOfStreamException or InvalidOperationException)
                ? ("what answers there is not PostgreSQL", $"Check {ConnectionFaults.Address}")
            : (ConnectionFaults.OneLine(chain[^1].Message), $"Check {ConnectionFaults.Address}");
    }

    private string Sentence((string What, string Remedy) fault) => ConnectionFaults.Sentence(Location, fault);
}
