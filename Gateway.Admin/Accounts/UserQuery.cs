using Gateway.Admin.Requests;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Accounts;

/// <summary>Which users are wanted.</summary>
internal sealed record UserQuery : SearchQuery
{
    [OneOf(typeof(Roles))]
    public string? Role { get; init; }

    public string? TierId { get; init; }

    [OneOf(FreeTierStatuses.None, FreeTierStatuses.Pending, FreeTierStatuses.Approved, FreeTierStatuses.Rejected)]
    public string? FreeTierStatus { get; init; }

    public bool? IsActive { get; init; }
}
