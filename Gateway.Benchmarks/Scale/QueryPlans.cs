using System.Text.RegularExpressions;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Benchmarks.Scale;

/// <summary>Asks the database how it would run a command, and finds what reads a large table from end to end.</summary>
internal sealed partial class QueryPlans(IDbContextFactory<HubDbContext> databases, StoreProvider store)
{
    private static readonly string[] LargeTables =
    [
        "users",
        "user_accounts",
        "api_keys",
        "api_key_usage",
        "ledger_entries",
        "ledger_names",
        "usage_hourly",
        "usage_daily",
        "usage_totals",
        "transactions",
        "audit_log",
        "events",
        "budgets",
        "budget_spend",
        "rate_limits",
        "sessions",
        "refresh_tokens",
        "change_log",
        "chats",
        "chat_messages",
    ];

    /// <summary>The plan, a line per step.</summary>
    public async Task<IReadOnlyList<string>> ExplainAsync(SentCommand sent)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        var isSqlite = store.Name == "sqlite";
        command.CommandText = (isSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + sent.Text;
        foreach (var (name, value) in sent.Parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        List<string> lines = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(isSqlite ? 3 : 0));
        }
        return lines;
    }

    /// <summary>
    /// The large table that a step reads from end to end without an index, or null. Aliases are found in the command's text.
    /// </summary>
    public static string? FullScan(string step, string command)
    {
        if (Scan().Match(step) is not { Success: true } match || step.Contains(" INDEX ", StringComparison.Ordinal))
        {
            return null;
        }
        var name = match.Groups["name"].Value;
        var table = Regex.Match(command, $"\"?(?<table>[a-z_]+)\"? AS \"?{Regex.Escape(name)}\"?(?![a-z0-9_])") is { Success: true } alias
            ? alias.Groups["table"].Value
            : name;
        return LargeTables.Contains(table) ? table : null;
    }

    [GeneratedRegex(@"(^SCAN |Seq Scan on )(?<name>\w+)")]
    private static partial Regex Scan();
}
