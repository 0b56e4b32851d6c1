using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Quotas;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;

namespace Gateway.Admin.LiteLlm;

/// <summary>What is to be of a key of LiteLLM.</summary>
[Example("""{"key_alias":"ci","max_budget":10}""")]
internal record LiteLlmKeyUpdate : ILimitedRecord
{
    [StringLength(255, MinimumLength = 1)]
    public Optional<string> KeyAlias { get; init; }

    [StringLength(255)]
    public Optional<string?> UserId { get; init; }

    [StringLength(255)]
    public Optional<string?> TeamId { get; init; }

    [Names(1_000, 255)]
    public Optional<List<string>?> Models { get; init; }

    [Amount(0, 1_000_000_000)]
    [Description("USD.")]
    public Optional<Money?> MaxBudget { get; init; }

    [Future]
    public Optional<DateTime?> Expires { get; init; }

    [Whole(0, long.MaxValue)]
    [Description("Tokens in a minute.")]
    public Optional<long?> TpmLimit { get; init; }

    [Whole(0, long.MaxValue)]
    [Description("Requests in a minute.")]
    public Optional<long?> RpmLimit { get; init; }

    [Whole(0, long.MaxValue)]
    public Optional<long?> MaxParallelRequests { get; init; }

    [StringLength(50), Period]
    public Optional<string?> BudgetDuration { get; init; }

    public JsonObject? Metadata { get; init; }

    LimitMembers ILimitedRecord.Limits => Known;

    protected virtual LimitMembers Known => LimitMembers.ChangedLiteLlmKey;
}
