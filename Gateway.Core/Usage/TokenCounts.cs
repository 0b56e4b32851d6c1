using System.Runtime.CompilerServices;
using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>A count for each counted <see cref="TokenClass"/>.</summary>
[InlineArray(TokenClasses.Counted)]
internal struct TokenCounts
{
    private long _first;
}
