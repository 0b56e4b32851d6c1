using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Tiers;

/// <summary>What is to be of a tier.</summary>
[Example("""{"description":"For whole teams","max_output_tokens":8192}""")]
internal record TierUpdate : ILimitedRecord
{
    [StringLength(100, MinimumLength = 1)]
    public Optional<string> Name { get; init; }

    [StringLength(10_000)]
    public Optional<string?> Description { get; init; }

    [Description("Users of a free tier may need an approval.")]
    public Optional<bool> IsFree { get; init; }

    [Amount(0, 1_000_000_000)]
    [Description("USD spent from which on users move to this tier by themselves.")]
    public Optional<Money> Price { get; init; }

    [Whole(1, 1_000_000_000)]
    [Description("The most tokens that an answer may have; null for no limit.")]
    public Optional<long?> MaxOutputTokens { get; init; }

    [OneOf(typeof(BillingModes))]
    [Description("Null for the gateway's.")]
    public Optional<string?> BillingMode { get; init; }

    [Description("Whether calls pass when the place where limits are counted cannot be reached.")]
    public Optional<bool> FailOpen { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.Tier;
}
