using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Ledger;

/// <summary>Compares what was charged with what the upstream said that calls cost, call by call, from the figures that came with its answers.</summary>
public sealed class LedgerComparison(IDbContextFactory<HubDbContext> databases)
{
    /// <summary>Counts the rows of the ledger by how both figures stand to each other.</summary>
    public async Task<ComparisonReport> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var answered = db.UsageRecords.AsNoTracking().Where(r => r.TotalCostNanoUsd > 0 || r.UpstreamCostNanoUsd > 0);
        var different = answered.Where(r => r.UpstreamCostNanoUsd != null && r.UpstreamCostNanoUsd != r.TotalCostNanoUsd);
        return new ComparisonReport(
            await answered.LongCountAsync(r => r.UpstreamCostNanoUsd == r.TotalCostNanoUsd, cancellationToken),
            await answered.LongCountAsync(r => r.UpstreamCostNanoUsd == null, cancellationToken),
            await different.LongCountAsync(cancellationToken),
            await different.SumAsync(r => r.TotalCostNanoUsd - r.UpstreamCostNanoUsd!.Value, cancellationToken),
            await different.OrderByDescending(r => r.AdmittedAt).Take(100).Select(r => new ComparedCall(r.Id, r.ModelName, r.TotalCostNanoUsd, r.UpstreamCostNanoUsd!.Value)).ToListAsync(cancellationToken));
    }
}

/// <summary>What a comparison with the upstream found.</summary>
/// <param name="Matched">Calls whose two figures are the same to the nano-dollar.</param>
/// <param name="OnlyHere">Calls that were charged and that the upstream gave no figure for.</param>
/// <param name="Different">Calls whose figures differ.</param>
/// <param name="DifferenceNanoUsd">What was charged above the upstream's figures in these, nano-dollars; negative: below.</param>
/// <param name="Newest">The newest hundred of them.</param>
public sealed record ComparisonReport(long Matched, long OnlyHere, long Different, long DifferenceNanoUsd, IReadOnlyList<ComparedCall> Newest);

/// <summary>A call whose two figures differ, in nano-dollars.</summary>
public sealed record ComparedCall(string Id, string Model, long ChargedNanoUsd, long UpstreamNanoUsd);
