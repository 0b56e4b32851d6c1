using Gateway.Core.Chats;
using Gateway.Core.Configuration;
using Gateway.Core.Files;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Chats;

/// <summary>
/// What is attached to a message: own files, and images that come along, which are stored as files first. What comes along and is no image
/// is kept by its name only.
/// </summary>
internal sealed class ChatAttachments(FileStore files, ChatSettings settings, ChatOptions options)
{
    private const string DataUrl = "data:";
    private const string Base64Mark = ";base64,";

    /// <summary>Finds and stores it.</summary>
    /// <param name="db">The database.</param>
    /// <param name="userId">Whose message it is.</param>
    /// <param name="wishes">What is attached.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(IReadOnlyList<StoredFile> Files, IReadOnlyList<MessageAttachment> Entries, ChatFault? Fault)> ResolveAsync(
        HubDbContext db,
        string userId,
        IReadOnlyList<AttachmentWish> wishes,
        CancellationToken cancellationToken
    )
    {
        List<StoredFile> found = [];
        List<MessageAttachment> entries = [];
        foreach (var wish in wishes)
        {
            var (file, fault) =
                wish.FileId is { } id ? (await FindAsync(db, userId, id, cancellationToken), null)
                : IsImage(wish.Preview) ? await StoreAsync(db, userId, wish, cancellationToken)
                : (null, (ChatFault?)null);
            if (fault is not null || (wish.FileId is not null && file is null))
            {
                return ([], [], fault ?? ChatFault.FileNotFound);
            }
            if (file is null)
            {
                entries.Add(new MessageAttachment(null, MessageAttachment.Document, wish.Name, null, wish.Size, null));
                continue;
            }
            found.Add(file);
            entries.Add(MessageAttachment.Of(file));
        }
        return (found, entries, null);
    }

    private static Task<StoredFile?> FindAsync(HubDbContext db, string userId, string id, CancellationToken cancellationToken) =>
        db.Files.AsNoTracking().FirstOrDefaultAsync(f => f.Id == id && f.UserId == userId, cancellationToken);

    private static bool IsImage(string? preview) => preview?.StartsWith(DataUrl + "image/", StringComparison.OrdinalIgnoreCase) == true;

    private async Task<(StoredFile?, ChatFault?)> StoreAsync(
        HubDbContext db,
        string userId,
        AttachmentWish wish,
        CancellationToken cancellationToken
    )
    {
        if (await db.Files.CountAsync(f => f.UserId == userId, cancellationToken) >= settings.Current.MostFiles)
        {
            return (
                null,
                new ChatFault(
                    409,
                    "conflict",
                    $"You have {settings.Current.MostFiles} files already, and more are not allowed. Delete one first"
                )
            );
        }
        var mark = wish.Preview!.IndexOf(Base64Mark, StringComparison.OrdinalIgnoreCase);
        if (mark < 0 || !TryDecode(wish.Preview.AsSpan(mark + Base64Mark.Length), out var content))
        {
            return (null, ChatFault.Invalid("attachments", "data_url", "must hold previews that are data URLs in base64"));
        }
        using var bytes = new MemoryStream(content);
        var (stored, fault) = await files.SaveAsync(bytes, wish.Preview[DataUrl.Length..mark], cancellationToken);
        if (stored is null)
        {
            return (null, Explain(fault));
        }
        var row = files.NewRow(stored, userId, wish.Name, chatId: null);
        db.Files.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return (row, null);
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] content)
    {
        var buffer = new byte[(text.Length / 4 * 3) + 3];
        var isWhole = Convert.TryFromBase64Chars(text, buffer, out var length);
        content = buffer[..length];
        return isWhole;
    }

    private ChatFault Explain(FileFault fault) =>
        fault switch
        {
            FileFault.TooLarge => new ChatFault(413, "payload_too_large", $"A file is larger than {options.MaxUploadBytes} bytes"),
            FileFault.Empty => ChatFault.Invalid("attachments", "empty", "must not hold empty files: the minimum length is 1 byte"),
            _ => new ChatFault(
                415,
                "unsupported_media_type",
                "Unsupported media type: JPEG, PNG, GIF or WebP is expected, by its declared type and by its bytes"
            ),
        };
}
