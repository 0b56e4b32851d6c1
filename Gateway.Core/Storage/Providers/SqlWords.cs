using System.Globalization;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Gateway.Core.Storage.Providers;

/// <summary>The words in which databases differ, for SQL that is written by hand. Names in double quotes are read by all of them.</summary>
public abstract class SqlWords
{
    private static readonly SqlWords Standard = new StandardWords();
    private static readonly SqlWords Postgres = new PostgresWords();
    private static readonly SqlWords MySql = new MySqlWords();

    /// <summary>The words of a context's database.</summary>
    public static SqlWords For(DatabaseFacade database) =>
        database.ProviderName is not { } name ? Standard
        : name.Contains("MySql", StringComparison.Ordinal) ? MySql
        : name.Contains("PostgreSQL", StringComparison.Ordinal) ? Postgres
        : Standard;

    /// <summary>Begins a common table expression that is read more than once: <c>WITH g AS ... (SELECT ...)</c>.</summary>
    public abstract string AsReadOnce { get; }

    /// <summary>A null of the type of whole numbers.</summary>
    public string NullNumber => ToNumber("NULL");

    /// <summary>A null of the type of times.</summary>
    public abstract string NullTime { get; }

    /// <summary>A null of the type of texts.</summary>
    public abstract string NullText { get; }

    /// <summary>An expression as a whole number of 64 bits.</summary>
    public abstract string ToNumber(string expression);

    /// <summary>An expression as a floating-point number of 64 bits, exact below 2^53.</summary>
    public abstract string ToFraction(string expression);

    /// <summary>Whole numbers divided, rounded towards zero.</summary>
    public abstract string Divide(string dividend, long divisor);

    /// <summary>Ends an <c>INSERT</c> that leaves a row alone whose key stands already.</summary>
    /// <param name="key">The key's column.</param>
    public abstract string UnlessKnown(string key);

    /// <summary>
    /// Tells all who listen (<see cref="StoreProvider.OpenNotices"/>) of a revision, when the transaction is committed; null: nobody can
    /// listen.
    /// </summary>
    public virtual string? TellRevision(long revision) => null;

    private class StandardWords : SqlWords
    {
        public override string AsReadOnce => "AS MATERIALIZED";

        public override string NullTime => "CAST(NULL AS timestamp)";

        public override string NullText => "CAST(NULL AS text)";

        public override string ToNumber(string expression) => $"CAST({expression} AS bigint)";

        public override string ToFraction(string expression) => $"CAST({expression} AS double precision)";

        public override string Divide(string dividend, long divisor) => $"{dividend} / {divisor}";

        public override string UnlessKnown(string key) => $"ON CONFLICT ({key}) DO NOTHING";
    }

    private sealed class PostgresWords : StandardWords
    {
        public override string TellRevision(long revision) =>
            string.Create(CultureInfo.InvariantCulture, $"SELECT pg_notify('{PostgresNotices.Channel}', '{revision}')");
    }

    private sealed class MySqlWords : SqlWords
    {
        public override string AsReadOnce => "AS";

        public override string NullTime => "CAST(NULL AS datetime(6))";

        public override string NullText => "CAST(NULL AS char)";

        public override string ToNumber(string expression) => $"CAST({expression} AS signed)";

        public override string ToFraction(string expression) => $"({expression} + 0e0)";

        public override string Divide(string dividend, long divisor) => $"{dividend} DIV {divisor}";

        public override string UnlessKnown(string key) => $"ON DUPLICATE KEY UPDATE {key} = {key}";
    }
}
