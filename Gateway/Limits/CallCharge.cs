using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Limits;

/// <summary>What a call is charged with, and by which figures.</summary>
/// <param name="Usage">The tokens that the ledger keeps.</param>
/// <param name="Cost">The charge.</param>
/// <param name="Source">One of <see cref="Core.Storage.Entities.UsageSources"/>.</param>
/// <param name="Impossible">Why the reported usage is no report, one of <see cref="Telemetry.ImpossibleReasons"/>; null when it is one, or
/// none came.</param>
internal readonly record struct CallCharge(TokenUsage Usage, CallCost Cost, string Source, string? Impossible = null);
