using System.Globalization;
using Gateway.Core.Ledger;

namespace Gateway.Core.Storage.Migrations;

/// <summary>The words of <see cref="NarrowLedger"/> in which databases differ.</summary>
/// <param name="Id">The type of a call's id.</param>
/// <param name="Wide">The type of 64-bit numbers.</param>
/// <param name="Number">The type of 32-bit numbers.</param>
/// <param name="Flag">The type of yes and no.</param>
/// <param name="ByKey">What makes a table stand in the order of its key.</param>
/// <param name="IdFormat">The id of a text; {0} is the text.</param>
/// <param name="TimeFormat">The microseconds since 1970 of a time as other tables have it; {0} is the time.</param>
internal sealed record NarrowLedgerSql(string Id, string Wide, string Number, string Flag, string ByKey, string IdFormat, string TimeFormat)
{
    private static readonly NarrowLedgerSql Sqlite = new(
        "BLOB",
        "INTEGER",
        "INTEGER",
        "INTEGER",
        " WITHOUT ROWID",
        "unhex(replace({0}, '-', ''))",
        "(CAST(strftime('%s', {0}) AS INTEGER) * 1000000 + CAST(substr(substr({0}, 21) || '000000', 1, 6) AS INTEGER))"
    );

    private static readonly NarrowLedgerSql Postgres = new(
        "uuid",
        "bigint",
        "integer",
        "boolean",
        "",
        "CAST({0} AS uuid)",
        "CAST(EXTRACT(epoch FROM {0}) * 1000000 AS bigint)"
    );

    private bool IsSqlite => this == Sqlite;

    public static NarrowLedgerSql Of(string? provider) =>
        provider?.Contains("Sqlite", StringComparison.Ordinal) == true ? Sqlite : Postgres;

    public string Text(int length) => IsSqlite ? "TEXT" : $"character varying({length.ToString(CultureInfo.InvariantCulture)})";

    public string IdOf(string text) => string.Format(CultureInfo.InvariantCulture, IdFormat, text);

    public string TimeOf(string time) => string.Format(CultureInfo.InvariantCulture, TimeFormat, time);

    public string FlagOf(string condition) => $"CASE WHEN {condition} THEN {(IsSqlite ? "1 ELSE 0" : "TRUE ELSE FALSE")} END";

    public string GrainOf(string name) =>
        $"CASE {name} {string.Join(' ', UsageGrain.All.Select(g => $"WHEN '{g.Name}' THEN {g.Number}"))} END";
}
