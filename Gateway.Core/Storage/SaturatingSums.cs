using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Storage;

/// <summary>Sums of columns that stop at the end of their range, where SQL's own <c>SUM</c> fails.</summary>
public static class SaturatingSums
{
    private const long HighestHalf = 1L << 32;

    /// <summary>SQL that adds a column up. No part of it leaves the range of 64 bits.</summary>
    public static string SqlOf(string column)
    {
        var (high, low) = (Sum($"{column} / {Saturating.Half}"), Sum($"{column} % {Saturating.Half}"));
        var carried = $"({high} + {low} / {Saturating.Half})";
        return $"CASE WHEN {carried} >= {HighestHalf} THEN {long.MaxValue} WHEN {carried} <= -{HighestHalf} THEN -{long.MaxValue} "
            + $"ELSE {carried} * {Saturating.Half} + {low} % {Saturating.Half} END";

        // PostgreSQL makes a sum of bigint a numeric.
        static string Sum(string values) => $"CAST(COALESCE(SUM({values}), 0) AS bigint)";
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
