using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;

namespace Gateway.Admin.ApiKeys;

/// <summary>What is to be of a key's own cap.</summary>
internal readonly record struct KeyBudgetWish(Optional<Money?> Cap, Optional<string?> Duration);
