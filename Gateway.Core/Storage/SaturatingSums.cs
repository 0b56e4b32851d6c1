using System.Linq.Expressions;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Storage;

/// <summary>Sums of columns that stop at the end of their range, where SQL's own <c>SUM</c> fails.</summary>
public static class SaturatingSums
{
    private const long HighestHalf = 1L << 32;

    /// <summary>SQL that adds a column up. No part of it leaves the range of 64 bits.</summary>
    /// <param name="column">The column.</param>
    /// <param name="words">The database's words.</param>
    public static string SqlOf(string column, SqlWords words)
    {
        var (high, low) = (Sum(words.Divide(column, Saturating.Half)), Sum($"{column} % {Saturating.Half}"));
        var carried = $"({high} + {words.Divide(low, Saturating.Half)})";
        return $"CASE WHEN {carried} >= {HighestHalf} THEN {long.MaxValue} WHEN {carried} <= -{HighestHalf} THEN -{long.MaxValue} "
            + $"ELSE {carried} * {Saturating.Half} + {low} % {Saturating.Half} END";

        // PostgreSQL and MySQL make a sum of bigint a decimal.
        string Sum(string values) => words.ToNumber($"COALESCE(SUM({values}), 0)");
    }

    /// <summary>The sum of a column over some rows, added up by the database in halves.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="column">The column.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<long> SumSaturatingAsync<T>(
        this IQueryable<T> rows,
        Expression<Func<T, long>> column,
        CancellationToken cancellationToken
    )
    {
        var halves = await rows.Select(column)
            .GroupBy(_ => 1)
            .Select(g => new { High = g.Sum(v => v / Saturating.Half), Low = g.Sum(v => v % Saturating.Half) })
            .FirstOrDefaultAsync(cancellationToken);
        return halves is null ? 0 : Saturating.OfHalves(halves.High, halves.Low);
    }
}
