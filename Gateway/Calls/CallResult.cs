using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Calls;

/// <summary>What became of a call that went upstream, as it is settled.</summary>
/// <param name="Record">The ledger's row.</param>
/// <param name="Answer">What the meter knows of the answer.</param>
/// <param name="Usage">The tokens that are charged.</param>
internal sealed record CallResult(UsageRecord Record, MeteredAnswer Answer, TokenUsage Usage);
