namespace Gateway.Core.Storage.Entities;

/// <summary>When users pay.</summary>
public static class BillingModes
{
    /// <summary>Calls are paid from the balance and refused without one.</summary>
    public const string Prepaid = "prepaid";

    /// <summary>Calls are recorded; the balance is not asked.</summary>
    public const string Postpaid = "postpaid";

    /// <summary>Both.</summary>
    public static IReadOnlyList<string> All { get; } = [Prepaid, Postpaid];
}
