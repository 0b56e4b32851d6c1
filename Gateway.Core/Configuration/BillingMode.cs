namespace Gateway.Core.Configuration;

/// <summary>How calls are paid.</summary>
public enum BillingMode
{
    /// <summary>Counted, within budgets; no balance is asked for.</summary>
    Postpaid,

    /// <summary>From the user's prepaid balance.</summary>
    Prepaid,
}
