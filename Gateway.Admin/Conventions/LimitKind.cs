namespace Gateway.Admin.Conventions;

/// <summary>What a member limits, whatever it is called.</summary>
internal enum LimitKind
{
    /// <summary>Money.</summary>
    Budget,

    /// <summary>How long a budget's window is, or when it ends.</summary>
    BudgetPeriod,

    /// <summary>Requests or tokens in a time.</summary>
    Rate,

    /// <summary>Calls at once.</summary>
    Concurrency,

    /// <summary>Tokens of one answer.</summary>
    OutputTokens,

    /// <summary>Tokens of a month.</summary>
    MonthlyTokens,

    /// <summary>Which models.</summary>
    Models,

    /// <summary>From where.</summary>
    Networks,

    /// <summary>Until when.</summary>
    Expiry,

    /// <summary>That it does not work: limits when it is true.</summary>
    Blocked,

    /// <summary>That it works: limits when it is false.</summary>
    Enabled,

    /// <summary>It looks like a limit; of what, nobody can tell.</summary>
    Unknown,
}
