namespace Gateway.Core.Storage.Entities;

/// <summary>A sign-in: what a refresh token continues and a logout ends.</summary>
public sealed class Session
{
    /// <summary>The claim <c>sid</c>.</summary>
    public required string Id { get; set; }

    /// <summary>Who signed in.</summary>
    public required string UserId { get; set; }

    /// <summary>When.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>The last refresh.</summary>
    public DateTime LastUsedAt { get; set; }

    /// <summary>When no refresh continues it any more.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>When it was ended before its time.</summary>
    public DateTime? RevokedAt { get; set; }

    /// <summary>Why it was ended.</summary>
    public string? RevokeReason { get; set; }

    /// <summary>The client's address at sign-in.</summary>
    public string? Ip { get; set; }

    /// <summary>The client's user agent at sign-in, at most 255 characters.</summary>
    public string? UserAgent { get; set; }
}
