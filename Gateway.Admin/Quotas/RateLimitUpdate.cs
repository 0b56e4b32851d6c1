using Gateway.Admin.Conventions;

namespace Gateway.Admin.Quotas;

/// <summary>What is to be of a rate limit; 0 and -1: no limit.</summary>
internal sealed record RateLimitUpdate(
    Sent<long> RequestsPerMinute,
    Sent<long> RequestsPerDay,
    Sent<long> TokensPerMinute,
    Sent<long> TokensPerDay,
    Sent<long> MaxConcurrent,
    Sent<string> Mode
);
