using Gateway.Core.Pricing;

namespace Gateway.Admin.Billing;

/// <summary>A transaction to be made.</summary>
internal sealed record NewTransaction(
    string Type,
    Money Amount,
    string? Description,
    string Status,
    string? PaymentProvider,
    string? PaymentId
);
