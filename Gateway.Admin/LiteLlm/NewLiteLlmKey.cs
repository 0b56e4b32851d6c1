using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.LiteLlm;

/// <summary>A key to be made at LiteLLM.</summary>
[RequiresMembers(nameof(KeyAlias))]
[Example("""{"key_alias":"ci","max_budget":5,"budget_duration":"monthly"}""")]
internal sealed record NewLiteLlmKey : LiteLlmKeyUpdate
{
    protected override LimitMembers Known => LimitMembers.LiteLlmKey;
}
