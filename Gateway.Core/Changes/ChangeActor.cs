namespace Gateway.Core.Changes;

/// <summary>Who makes a change, for the audit log.</summary>
/// <param name="UserId">The user; null: the process itself, or an issuer's token.</param>
/// <param name="Role">The user's role.</param>
/// <param name="Ip">The address that the change came from.</param>
/// <param name="RequestId">The request that made it.</param>
public record ChangeActor(string? UserId, string? Role, string? Ip, string? RequestId)
{
    /// <summary>The process itself.</summary>
    public static readonly ChangeActor System = new(null, null, null, null);
}
