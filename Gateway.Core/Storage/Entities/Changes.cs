namespace Gateway.Core.Storage.Entities;

/// <summary>The one row whose number rises with every admin change. Its row lock puts changes in the order of their numbers.</summary>
public sealed class PolicyRevision
{
    /// <summary>Always 1.</summary>
    public int Id { get; set; }

    /// <summary>The number of the newest change.</summary>
    public long Revision { get; set; }
}

/// <summary>What one change touched, so that nodes reread only that.</summary>
public sealed class ChangeLogEntry
{
    /// <summary>The revision that the change made.</summary>
    public long Revision { get; set; }

    /// <summary>One of <see cref="ChangedEntities"/>.</summary>
    public required string EntityType { get; set; }

    /// <summary>The row's id.</summary>
    public required string EntityId { get; set; }

    /// <summary>What caches know it by, when that is not the id: a key's public id; or what came to it, for spend.</summary>
    public string? EntityKey { get; set; }

    /// <summary>When.</summary>
    public DateTime ChangedAt { get; set; }
}

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

    /// <summary>Rates of a tier; the entity id is the tier's. Those of a key, user or team are written as a change of that key, user or team.</summary>
    public const string RateLimit = "rate_limit";

    /// <summary>A budget of a tier; the entity id is the tier's. Those of a key, user or team are written as a change of that key, user or team.</summary>
    public const string Budget = "budget";

    /// <summary>Spend that was booked in a budget past the node that pays from it; the entity id is the budget's, the entity key a <see cref="Ledger.SpendRaise"/>.</summary>
    public const string BudgetSpend = "budget_spend";

    /// <summary>Money that people moved; in the audit log only, nodes are told of the user.</summary>
    public const string Transaction = "transaction";

    /// <summary>A setting.</summary>
    public const string Setting = "setting";
}

/// <summary>Who changed what. Append-only; holds no secrets.</summary>
public sealed class AuditEntry : ICountedRow
{
    /// <summary>UUID version 7.</summary>
    public required string Id { get; set; }

    /// <summary>The user who did it; null: the system.</summary>
    public string? ActorId { get; set; }

    /// <summary>The actor's role at that moment.</summary>
    public string? ActorRole { get; set; }

    /// <summary>What was done, such as <c>api_key.created</c>.</summary>
    public required string Action { get; set; }

    /// <summary>The kind of thing.</summary>
    public required string EntityType { get; set; }

    /// <summary>The thing's id.</summary>
    public required string EntityId { get; set; }

    /// <summary>Changed members before, as a JSON object; null on creation.</summary>
    public string? Before { get; set; }

    /// <summary>Changed members after, as a JSON object; null on deletion.</summary>
    public string? After { get; set; }

    /// <summary>The client's address.</summary>
    public string? Ip { get; set; }

    /// <summary>The request's id.</summary>
    public string? RequestId { get; set; }

    /// <summary>When.</summary>
    public DateTime CreatedAt { get; set; }

    string ICountedRow.Kind => Action;

    string ICountedRow.Detail => EntityType;
}

/// <summary>A value that admins may change while the process runs.</summary>
public sealed class Setting
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>Unique.</summary>
    public required string Key { get; set; }

    /// <summary>The value as text; an encrypted one when <see cref="IsSecret"/>.</summary>
    public required string Value { get; set; }

    /// <summary>What it does.</summary>
    public required string Description { get; set; }

    /// <summary><c>string</c>, <c>number</c>, <c>boolean</c> or <c>json</c>.</summary>
    public required string Type { get; set; }

    /// <summary>The page of the settings that it stands on.</summary>
    public required string Category { get; set; }

    /// <summary>Whether the value is stored encrypted and never sent.</summary>
    public bool IsSecret { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}
