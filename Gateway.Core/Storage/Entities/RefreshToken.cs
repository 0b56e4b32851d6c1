namespace Gateway.Core.Storage.Entities;

/// <summary>One refresh token of a session; each is good for one use.</summary>
public sealed class RefreshToken
{
    /// <summary>The claim <c>jti</c>.</summary>
    public required string Id { get; set; }

    /// <summary>The session.</summary>
    public required string SessionId { get; set; }

    /// <summary>When it was given out.</summary>
    public DateTime IssuedAt { get; set; }

    /// <summary>When it ends unused.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>When it was used; a second use ends the session.</summary>
    public DateTime? UsedAt { get; set; }

    /// <summary>The token that it was exchanged for.</summary>
    public string? ReplacedBy { get; set; }
}
