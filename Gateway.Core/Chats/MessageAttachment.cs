using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Chats;

/// <summary>What is attached to a message. It stays when its file is deleted.</summary>
/// <param name="FileId">The file; null: only its name is known.</param>
/// <param name="Type"><c>image</c> or <c>document</c>.</param>
/// <param name="Name">The name that the user gave it.</param>
/// <param name="MimeType">What it is; null when only the name is known.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Url">Where its owner gets it; null when only the name is known.</param>
public sealed record MessageAttachment(string? FileId, string Type, string Name, string? MimeType, long Size, string? Url)
{
    /// <summary>The types.</summary>
    public const string Image = "image";
    public const string Document = "document";

    /// <summary>The entry of a stored file.</summary>
    public static MessageAttachment Of(StoredFile file) =>
        new(file.Id, IsImage(file) ? Image : Document, file.OriginalFilename, file.MimeType, file.Size, UrlOf(file.Id));

    /// <summary>Whether models that see are shown it.</summary>
    public static bool IsImage(StoredFile file) => file.MimeType.StartsWith("image/", StringComparison.Ordinal);

    /// <summary>Where its owner gets a file.</summary>
    public static string UrlOf(string fileId) => "/api/v1/files/" + fileId;
}
