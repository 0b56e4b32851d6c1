namespace Gateway.Core.Storage.Entities;

/// <summary>A file of a user's. Its bytes stand on disk or in <see cref="StoredFilePart"/>.</summary>
public sealed class StoredFile
{
    /// <summary>UUID version 7.</summary>
    public required string Id { get; set; }

    /// <summary>Whose it is; nobody else gets it.</summary>
    public required string UserId { get; set; }

    /// <summary>The name that the server gave it, with the ending of its type.</summary>
    public required string Filename { get; set; }

    /// <summary>The name that the user gave it, at most 255 characters.</summary>
    public required string OriginalFilename { get; set; }

    /// <summary>What it is: declared, and found in its first bytes.</summary>
    public required string MimeType { get; set; }

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    /// <summary>SHA-256 of the bytes, hexadecimal.</summary>
    public required string Sha256 { get; set; }

    /// <summary>Where the bytes are: <c>disk</c> or <c>database</c>.</summary>
    public required string Store { get; set; }

    /// <summary>The chat that it was sent for, or null.</summary>
    public string? ChatId { get; set; }

    /// <summary>The message that it is attached to, or null.</summary>
    public string? MessageId { get; set; }

    /// <summary>When it came.</summary>
    public DateTime UploadedAt { get; set; }
}
