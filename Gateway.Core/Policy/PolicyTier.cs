namespace Gateway.Core.Policy;

/// <summary>A tier as calls need it.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Name">The display name.</param>
/// <param name="MaxOutputTokens">The most answer tokens of one call; null: the model's own maximum.</param>
/// <param name="BillingMode"><c>prepaid</c>, <c>postpaid</c>, or null for the process's.</param>
/// <param name="FailOpen">Whether calls pass when the database cannot be asked for money.</param>
/// <param name="IsFree">Whether its users call only after an admin approved them.</param>
public sealed record PolicyTier(string Id, string Name, long? MaxOutputTokens, string? BillingMode, bool FailOpen, bool IsFree);
