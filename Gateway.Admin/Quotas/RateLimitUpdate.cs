using System.ComponentModel;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Quotas;

namespace Gateway.Admin.Quotas;

/// <summary>What is to be of a rate limit; 0 and -1: no limit.</summary>
[Example("""{"requests_per_minute":120,"mode":"enforce"}""")]
internal record RateLimitUpdate : ILimitedRecord
{
    private const long Highest = 1_000_000_000_000_000;

    [Whole(-1, Highest)]
    public Optional<long> RequestsPerMinute { get; init; }

    [Whole(-1, Highest)]
    public Optional<long> RequestsPerDay { get; init; }

    [Whole(-1, Highest)]
    public Optional<long> TokensPerMinute { get; init; }

    [Whole(-1, Highest)]
    public Optional<long> TokensPerDay { get; init; }

    [Whole(-1, Highest)]
    [Description("Calls at the same time.")]
    public Optional<long> MaxConcurrent { get; init; }

    [OneOf(typeof(QuotaNames), nameof(QuotaNames.Modes))]
    [Description("shadow counts and reports without refusing.")]
    public Optional<string> Mode { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.RateLimit;
}
