using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.ApiKeys;

/// <summary>A key to be made.</summary>
[Example("""{"name":"ci","max_budget":5,"budget_duration":"monthly"}""")]
internal sealed record NewKey : KeyLimits, ILimitedRecord
{
    [StringLength(255, MinimumLength = 1)]
    public required string Name { get; init; }

    [StringLength(64)]
    [Description("The team that the key spends for; the owner's when it is not sent.")]
    public string? TeamId { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.ApiKey;
}
