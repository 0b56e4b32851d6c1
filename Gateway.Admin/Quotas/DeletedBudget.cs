namespace Gateway.Admin.Quotas;

/// <summary>What became of a deleted budget at LiteLLM: null, it was never there.</summary>
internal sealed record DeletedBudget(bool? LitellmDeleted, IReadOnlyList<string> Warnings)
{
    public static readonly DeletedBudget HereOnly = new(null, []);
}
