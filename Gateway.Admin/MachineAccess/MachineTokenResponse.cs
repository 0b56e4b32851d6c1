using Gateway.Admin.Replies;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.MachineAccess;

/// <summary>A machine token, as it is shown: never its secret.</summary>
[Alias("access_token", "access_tokens")]
internal record MachineTokenResponse(
    string Id,
    string Name,
    string PublicId,
    string Role,
    List<string> AllowedIps,
    string CreatedBy,
    DateTime? ExpiresAt,
    DateTime CreatedAt
)
{
    public static MachineTokenResponse From(MachineToken row) =>
        new(row.Id, row.Name, row.PublicId, row.Role, row.AllowedIps, row.CreatedBy, row.ExpiresAt, row.CreatedAt);
}
