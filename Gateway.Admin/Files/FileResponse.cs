using Gateway.Core.Chats;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Files;

/// <summary>A file of the caller's.</summary>
internal sealed record FileResponse(
    string Id,
    string FileId,
    string Filename,
    string MimeType,
    long Size,
    string? ChatId,
    string? MessageId,
    DateTime UploadedAt,
    string Url
)
{
    public static FileResponse From(StoredFile file) =>
        new(
            file.Id,
            file.Id,
            file.OriginalFilename,
            file.MimeType,
            file.Size,
            file.ChatId,
            file.MessageId,
            file.UploadedAt,
            MessageAttachment.UrlOf(file.Id)
        );
}
