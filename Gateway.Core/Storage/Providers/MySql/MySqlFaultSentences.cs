using System.Net.Sockets;
using System.Security.Authentication;
using MySqlConnector;

namespace Gateway.Core.Storage.Providers.MySql;

/// <summary>
/// Says in one line why MySQL or MariaDB cannot be used: what was tried, what came back, and what to do. Never the password.
/// </summary>
internal sealed class MySqlFaultSentences(MySqlConnectionStringBuilder target)
{
    private const string Account = ConnectionFaults.Account;
    private const string BrokenOff = "a change of the schema was broken off, which these servers do not take back";
    private const string BrokenOffRemedy =
        "Drop the database if the gateway was just being set up, else restore the backup from before the update; then start again";
    private const string ReadOnlyRemedy = "Give the address of the primary in DATABASE_URL";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // By number: https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html
    private static readonly Dictionary<int, (string What, string Remedy)> Codes = new()
    {
        [MySqlFaults.AccessDenied] = ("the user or the password is wrong", $"Check {Account}"),
        [MySqlFaults.DatabaseDenied] = (
            "the user has no right to the database",
            "Make the database and give the user all rights to it (GRANT ALL ON ... TO ...), or check the name in DATABASE_URL (or DB_NAME)"
        ),
        [MySqlFaults.UnknownDatabase] = (
            "there is no such database",
            "Create it (CREATE DATABASE ... CHARACTER SET utf8mb4 COLLATE utf8mb4_bin), or check the name in DATABASE_URL (or DB_NAME)"
        ),
        [MySqlFaults.TooManyConnections] = (
            "the server has too many connections",
            "Raise its max_connections, or lower \"Maximum Pool Size\" in DATABASE_URL"
        ),
        [MySqlFaults.HostBlocked] = ("the server blocks this machine after failed connections", "Run FLUSH HOSTS on it"),
        [MySqlFaults.HostNotAllowed] = (
            "the server does not let this machine in",
            "Create the user for this machine's address, or for '%'"
        ),
        [MySqlFaults.ServerStops] = ("the server is shutting down", "Start the server again"),
        [MySqlFaults.DiskFull] = ("the server's disk is full", "Make room on it"),
        [MySqlFaults.TableFull] = ("the server's disk is full", "Make room on it"),
        [MySqlFaults.OptionPrevents] = ("the server is read-only, as a replica is", ReadOnlyRemedy),
        [MySqlFaults.ReadOnly] = ("the server is read-only, as a replica is", ReadOnlyRemedy),
        [1050] = (BrokenOff, BrokenOffRemedy),
        [1060] = (BrokenOff, BrokenOffRemedy),
        [1061] = (BrokenOff, BrokenOffRemedy),
        [1142] = ("the user lacks a right", "Give it all rights to the database (GRANT ALL ON ... TO ...)"),
        [1143] = ("the user lacks a right", "Give it all rights to the database (GRANT ALL ON ... TO ...)"),
        [1227] = ("the user lacks a right", "Give it all rights to the database (GRANT ALL ON ... TO ...)"),
        [1153] = ("a statement is longer than the server takes", "Raise its max_allowed_packet"),
        [1251] = ("the server wants a way of signing in that the driver does not know", "Change the user's authentication plugin"),
        [1665] = ("its binary log takes no READ COMMITTED", "Set its binlog_format to ROW or MIXED"),
        [3159] = ("the server wants TLS", "Add ?sslmode=Required to DATABASE_URL"),
    };

    /// <summary>What was tried, for people.</summary>
    public string Location =>
        $"MySQL or MariaDB at {target.Server}:{target.Port} (database \"{target.Database}\", user \"{target.UserID}\")";

    /// <summary>Explains a fault.</summary>
    /// <returns>One line; null when the fault has nothing to do with the database.</returns>
    public async Task<string?> ExplainAsync(Exception fault, CancellationToken cancellationToken)
    {
        var chain = ConnectionFaults.Chain(fault).ToList();
        if (chain.OfType<MySqlException>().FirstOrDefault() is not { } refused)
        {
            return chain.Exists(f => f.Source == nameof(MySqlConnector))
                ? Sentence((ConnectionFaults.OneLine(chain[^1].Message), ""))
                : null;
        }
        if (Codes.TryGetValue(refused.Number, out var known))
        {
            return Sentence(($"{known.What} ({refused.Number}: {ConnectionFaults.OneLine(refused.Message)})", known.Remedy));
        }
        if (chain.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
        {
            return Sentence(
                ($"TLS with it failed ({ConnectionFaults.OneLine(tls.Message)})", "Check its certificate, or sslmode in DATABASE_URL")
            );
        }
        return Sentence(ConnectionFaults.OfNetwork(chain) ?? await OfConnectionAsync(refused, cancellationToken) ?? OfDriver(refused));
    }

    // The driver says of every address only that it could not be reached: why, this machine says when it is asked again.
    private async Task<(string What, string Remedy)?> OfConnectionAsync(MySqlException refused, CancellationToken cancellationToken)
    {
        if (refused.ErrorCode != MySqlErrorCode.UnableToConnectToHost)
        {
            return null;
        }
        if (await PostgresGreeting.IsThereAsync(target.Server, (int)target.Port, cancellationToken))
        {
            return ("a PostgreSQL server answers there", "Begin DATABASE_URL with postgres:// (or set DB_TYPE=postgres)");
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(target.Server, (int)target.Port, limit.Token);
            return await MySqlGreeting.ReadAsync(target.Server, (int)target.Port, cancellationToken) is null
                ? ("what answers there is neither MySQL nor MariaDB", $"Check {ConnectionFaults.Address}")
                : null;
        }
        catch (SocketException why)
        {
            return ConnectionFaults.OfNetwork([why]);
        }
        catch (OperationCanceledException)
        {
            return ConnectionFaults.TimedOut;
        }
    }

    // For some faults the driver has no numbers, only sentences.
    private static (string What, string Remedy) OfDriver(MySqlException refused)
    {
        var text = ConnectionFaults.OneLine(refused.Message);
        return text.Contains("AllowPublicKeyRetrieval", StringComparison.Ordinal)
                ? ("it sends no password without TLS", "Turn on TLS at the server, or add ?AllowPublicKeyRetrieval=true to DATABASE_URL")
            : text.Contains("SSL", StringComparison.Ordinal) ? (text, "Turn on TLS at the server, or take sslmode out of DATABASE_URL")
            : text.Contains("Timeout", StringComparison.OrdinalIgnoreCase) ? ConnectionFaults.TimedOut
            : (text, $"Check {ConnectionFaults.Address}");
    }

    private string Sentence((string What, string Remedy) fault) => ConnectionFaults.Sentence(Location, fault);
}
