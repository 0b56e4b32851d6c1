namespace Gateway.Core.Storage.Entities;

/// <summary>
/// Which account a subject of another issuer has. Written once; a deleted account stays bound, so that its subject does not come back as a
/// new one.
/// </summary>
public sealed class ExternalIdentity
{
    /// <summary>The claim <c>iss</c>.</summary>
    public required string Issuer { get; set; }

    /// <summary>SHA-256 of the claim that names the user, 64 lower-case hexadecimal characters.</summary>
    public required string SubjectHash { get; set; }

    /// <summary>The account.</summary>
    public required string UserId { get; set; }

    /// <summary>When the token was issued whose tier, team and role were applied last: an older one changes nothing.</summary>
    public DateTime ClaimsIssuedAt { get; set; }

    /// <summary>When the subject was first seen.</summary>
    public DateTime CreatedAt { get; set; }
}
