using System.Diagnostics;
using Gateway.Calls;

namespace Gateway.Telemetry;

/// <summary>One call at its end, as metrics, trace and log tell of it.</summary>
/// <param name="Call">What the stages know; null when the caller was refused.</param>
/// <param name="Outcome">How it ended: one of <see cref="Outcomes"/>, <see cref="Refused"/> or <see cref="Failed"/>.</param>
/// <param name="HttpStatus">The status that the client got, or would have got.</param>
/// <param name="StartTimestamp">When it came, by <see cref="Stopwatch"/>: this measures the process, whatever clock the product runs
/// on.</param>
internal readonly record struct CallSummary(Call? Call, string Api, string Tier, string Outcome, int HttpStatus, long StartTimestamp)
{
    /// <summary>The gateway said no before anything went upstream.</summary>
    public const string Refused = "refused";

    /// <summary>The gateway itself broke.</summary>
    public const string Failed = "failed";

    /// <summary>The model of the catalogue, or <see cref="GatewayMetrics.Other"/>.</summary>
    public string Model => Call?.ResolvedModel?.Name ?? GatewayMetrics.Other;

    /// <summary>
    /// The gateway's own time before the call first went upstream: without the wait for its body. Zero when it never did.
    /// </summary>
    public TimeSpan OverheadBefore =>
        Call is { SentTimestamp: > 0 } sent ? Stopwatch.GetElapsedTime(StartTimestamp, sent.SentTimestamp) - sent.BodyWait : TimeSpan.Zero;
}
