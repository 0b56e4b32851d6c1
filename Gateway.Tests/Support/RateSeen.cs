namespace Gateway.Tests.Support;

internal sealed record RateSeen(string Scope, string Window, long Limit, long Used, long Held, long Remaining);
