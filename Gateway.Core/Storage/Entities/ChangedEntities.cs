namespace Gateway.Core.Storage.Entities;

/// <summary>Kinds of things that admin changes touch.</summary>
public static class ChangedEntities
{
    /// <summary>A user.</summary>
    public const string User = "user";

    /// <summary>A session that was ended.</summary>
    public const string Session = "session";

    /// <summary>A team.</summary>
    public const string Team = "team";

    /// <summary>An API key; the entity key is its public id.</summary>
    public const string ApiKey = "api_key";

    /// <summary>A tier.</summary>
    public const string Tier = "tier";

    /// <summary>A company.</summary>
    public const string Company = "company";

    /// <summary>A model, its config or its rates; a sync writes one entry with the id <c>*</c>.</summary>
    public const string Model = "model";

    /// <summary>
    /// Rates of a tier; the entity id is the tier's. Those of a key, user or team are written as a change of that key, user or team.
    /// </summary>
    public const string RateLimit = "rate_limit";

    /// <summary>
    /// A budget of a tier; the entity id is the tier's. Those of a key, user or team are written as a change of that key, user or team.
    /// </summary>
    public const string Budget = "budget";

    /// <summary>
    /// Spend that was booked in a budget past the node that pays from it; the entity id is the budget's, the entity key a
    /// <see cref="Ledger.SpendRaise"/>.
    /// </summary>
    public const string BudgetSpend = "budget_spend";

    /// <summary>Money that people moved; in the audit log only, nodes are told of the user.</summary>
    public const string Transaction = "transaction";

    /// <summary>An upstream, or the models that stand there.</summary>
    public const string Upstream = "upstream";

    /// <summary>A node that began to serve calls; nodes tell one another of their windows from then on.</summary>
    public const string Node = "node";

    /// <summary>A setting.</summary>
    public const string Setting = "setting";
}
