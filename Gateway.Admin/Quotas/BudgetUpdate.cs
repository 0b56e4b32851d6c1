using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Quotas;

/// <summary>What is to be of a budget. A null duration is for ever; a null reset is the period's own.</summary>
internal sealed record BudgetUpdate(Sent<Money> Cap, Sent<string?> Duration, Sent<DateTime?> ResetAt, Sent<string> Mode);
