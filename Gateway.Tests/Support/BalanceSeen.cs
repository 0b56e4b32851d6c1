namespace Gateway.Tests.Support;

internal sealed record BalanceSeen(long Remaining, long Held);
