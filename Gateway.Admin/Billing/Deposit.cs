using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Billing;

/// <summary>Money that a user will pay in.</summary>
[Example("""{"amount":20,"description":"Top-up"}""")]
internal sealed record Deposit
{
    [Amount(0.01, 10_000)]
    [Description("USD.")]
    public required Money Amount { get; init; }

    [StringLength(255)]
    public string? Description { get; init; }
}
