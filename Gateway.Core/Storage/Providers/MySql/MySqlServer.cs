using System.Globalization;
using MySqlConnector;

namespace Gateway.Core.Storage.Providers.MySql;

/// <summary>
/// What must hold of a server and a database before the first use: versions that know what is asked of them, statements as long as the
/// product writes them, and texts compared byte by byte, or two users would be one.
/// </summary>
internal static class MySqlServer
{
    private const int LeastMySql = 8;
    private const long LeastPacket = 4 * 1024 * 1024;
    private const string FirstTable = "users";

    private static readonly Version LeastMariaDb = new(10, 6);

    // The best first: a blank at the end of a text counts in the first two. Each server knows the last and one of the others.
    private static readonly string[] Collations = ["utf8mb4_nopad_bin", "utf8mb4_0900_bin", "utf8mb4_bin"];

    /// <summary>Makes the database when it is missing, and checks it.</summary>
    /// <param name="target">Where it is.</param>
    /// <param name="location">The same for people.</param>
    /// <exception cref="InvalidDataException">It is not as the product needs it.</exception>
    public static void Prepare(MySqlConnectionStringBuilder target, string location)
    {
        using var connection = OpenOrCreate(target);
        CheckServer(connection, location);
        CheckCollation(connection, target.Database, location);
    }

    private static MySqlConnection OpenOrCreate(MySqlConnectionStringBuilder target)
    {
        var connection = new MySqlConnection(target.ConnectionString);
        try
        {
            connection.Open();
        }
        catch (MySqlException fault) when (fault.Number == MySqlFaults.UnknownDatabase)
        {
            connection.Dispose();
            var server = new MySqlConnectionStringBuilder(target.ConnectionString) { Database = "", Pooling = false };
            connection = new MySqlConnection(server.ConnectionString);
            connection.Open();
            Execute(connection, $"CREATE DATABASE IF NOT EXISTS {Quoted(target.Database)} {Ending(connection)}");
            connection.ChangeDatabase(target.Database);
        }
        return connection;
    }

    private static void CheckServer(MySqlConnection connection, string location)
    {
        var text = Scalar(connection, "SELECT VERSION()");
        var isMariaDb = text.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        if (Version.TryParse(text.Split('-')[0], out var version) && (isMariaDb ? version < LeastMariaDb : version.Major < LeastMySql))
        {
            throw new InvalidDataException(
                $"{location} cannot be used: the server is {text}. The gateway needs MySQL 8.0 or MariaDB 10.6, or later."
            );
        }
        if (long.Parse(Scalar(connection, "SELECT @@max_allowed_packet"), CultureInfo.InvariantCulture) is var packet and < LeastPacket)
        {
            throw new InvalidDataException(
                $"{location} cannot be used: its max_allowed_packet is {packet} bytes. Set it to {LeastPacket} or more; to 64M where "
                    + "prompts and answers are kept."
            );
        }
        if (Scalar(connection, "SELECT CONCAT(@@log_bin, @@binlog_format)") == "1STATEMENT")
        {
            throw new InvalidDataException(
                $"{location} cannot be used: its binlog_format is STATEMENT, which takes no READ COMMITTED. Set it to ROW or MIXED."
            );
        }
    }

    private static void CheckCollation(MySqlConnection connection, string database, string location)
    {
        var wrong = Scalar(
            connection,
            $"SELECT MIN(CONCAT(column_name, ' ', collation_name)) FROM information_schema.columns WHERE table_schema = DATABASE() "
                + $"AND table_name = '{FirstTable}' AND collation_name NOT IN ({Listed})"
        );
        if (wrong.Length > 0)
        {
            throw new InvalidDataException(
                $"{location} cannot be used: its tables compare texts by {wrong.Split(' ')[^1]}, so that two ids can be one. Copy it into "
                    + $"a new database (the gateway makes one that compares by {Collations[^1]} or better), or convert its tables."
            );
        }
        var standard = Scalar(connection, "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = DATABASE()");
        if (!Collations.Contains(standard))
        {
            Execute(connection, $"ALTER DATABASE {Quoted(database)} {Ending(connection)}");
        }
    }

    private static string Listed => string.Join(", ", Collations.Select(c => $"'{c}'"));

    private static string Ending(MySqlConnection connection)
    {
        var best = Scalar(
            connection,
            $"SELECT collation_name FROM information_schema.collations WHERE collation_name IN ({Listed}) "
                + $"ORDER BY FIELD(collation_name, {Listed}) LIMIT 1"
        );
        return $"CHARACTER SET utf8mb4 COLLATE {best}";
    }

    private static string Quoted(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Scalar(MySqlConnection connection, string sql)
    {
        using var command = new MySqlCommand(sql, connection);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    private static void Execute(MySqlConnection connection, string sql)
    {
        using var command = new MySqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
