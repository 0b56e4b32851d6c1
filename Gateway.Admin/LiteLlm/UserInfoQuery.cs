namespace Gateway.Admin.LiteLlm;

/// <summary>Whose keys are wanted.</summary>
internal sealed record UserInfoQuery
{
    public string? UserId { get; init; }
}
