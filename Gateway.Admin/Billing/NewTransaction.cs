using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Billing;

/// <summary>A transaction to be made.</summary>
[Example("""{"type":"deposit","amount":20,"description":"Bank transfer"}""")]
internal sealed record NewTransaction
{
    [OneOf(typeof(TransactionTypes))]
    public required string Type { get; init; }

    [Amount(AmountAttribute.Smallest, 1_000_000)]
    [Description("USD.")]
    public required Money Amount { get; init; }

    [StringLength(1_000)]
    public string? Description { get; init; }

    [OneOf(TransactionStatuses.Completed, TransactionStatuses.Pending)]
    [Description("completed when it is not sent.")]
    public Optional<string> Status { get; init; }

    [StringLength(50)]
    public string? PaymentProvider { get; init; }

    [StringLength(255)]
    public string? PaymentId { get; init; }
}
