using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.MachineAccess;

/// <summary>A machine token to be made.</summary>
[Example("""{"name":"terraform","role":"support","allowed_ips":["127.0.0.0/8","::1"]}""")]
internal sealed record NewMachineToken : ILimitedRecord
{
    [StringLength(255, MinimumLength = 1)]
    public required string Name { get; init; }

    [OneOf(Roles.Support, Roles.Admin)]
    public required string Role { get; init; }

    [Future]
    public DateTime? ExpiresAt { get; init; }

    [Networks(100)]
    public List<string>? AllowedIps { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.MachineToken;
}
