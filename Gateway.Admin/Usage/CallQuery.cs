using System.ComponentModel;

namespace Gateway.Admin.Usage;

/// <summary>Which ledger entries are wanted.</summary>
internal sealed record CallQuery : CallsOfUserQuery
{
    [Description("Only staff may ask for somebody else's.")]
    public string? UserId { get; init; }
}
