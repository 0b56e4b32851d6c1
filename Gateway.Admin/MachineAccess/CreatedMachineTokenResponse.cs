using Gateway.Admin.Replies;

namespace Gateway.Admin.MachineAccess;

/// <summary>A token at its birth: the only answer that shows it.</summary>
[Alias("access_token", "access_tokens")]
internal sealed record CreatedMachineTokenResponse : MachineTokenResponse
{
    public CreatedMachineTokenResponse(MachineTokenResponse token, string text)
        : base(token) => Token = text;

    public string Token { get; }
}
