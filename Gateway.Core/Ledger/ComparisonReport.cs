namespace Gateway.Core.Ledger;

/// <summary>What a comparison with the upstream found.</summary>
/// <param name="Source"><c>spend_logs</c>: the upstream's spend log; <c>upstream_cost</c>: the figures that came with its answers.</param>
/// <param name="Reason">Why the book was not read; null when it was.</param>
/// <param name="Matched">Calls whose two figures are the same to the nano-dollar.</param>
/// <param name="OnlyHere">Calls that were charged and that the upstream has no figure for.</param>
/// <param name="OnlyThere">Calls of the upstream's spend log that the ledger does not have; 0 without a book.</param>
/// <param name="Different">Calls whose figures differ.</param>
/// <param name="DifferenceNanoUsd">What was charged above the upstream's figures in these, nano-dollars; negative: below.</param>
/// <param name="Differing">The newest hundred of them.</param>
/// <param name="Missing">The first hundred that are only there.</param>
public sealed record ComparisonReport(
    string Source,
    string? Reason,
    long Matched,
    long OnlyHere,
    long OnlyThere,
    long Different,
    long DifferenceNanoUsd,
    IReadOnlyList<ComparedCall> Differing,
    IReadOnlyList<ComparedCall> Missing
);
