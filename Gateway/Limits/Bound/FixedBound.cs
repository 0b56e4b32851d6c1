using Gateway.Calls;
using Gateway.Core.Pricing;
using Gateway.Limits.Rates;

namespace Gateway.Limits.Bound;

/// <summary>The bound of a call that its body does not tell.</summary>
/// <param name="Cost">The most that it can cost.</param>
/// <param name="Refusal">Why it has no bound, to be answered on a budgeted call only; null: it has one.</param>
/// <param name="Tokens">What it is expected to count in windows of tokens.</param>
internal sealed record FixedBound(Money Cost, Refusal? Refusal, TokenEstimate Tokens);
