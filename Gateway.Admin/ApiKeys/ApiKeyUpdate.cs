using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.ApiKeys;

/// <summary>What is to change of a key.</summary>
[Example("""{"name":"ci","max_budget":10,"budget_duration":"monthly"}""")]
internal sealed record ApiKeyUpdate : KeyLimits, ILimitedRecord
{
    [StringLength(255, MinimumLength = 1)]
    public Optional<string> Name { get; init; }

    public Optional<bool> IsActive { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.ApiKey;
}
