using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Accounts;

/// <summary>What admins say of users.</summary>
internal record UserDetails : AccountUpdate
{
    [OneOf(typeof(Roles))]
    public Optional<string> Role { get; init; }

    [Whole(0, long.MaxValue)]
    [Description("Tokens that the user may use in a calendar month; null for no limit.")]
    public Optional<long?> MonthlyTokenLimit { get; init; }

    [OneOf(typeof(BillingModes))]
    [Description("Null for the tier's.")]
    public Optional<string?> BillingMode { get; init; }
}
