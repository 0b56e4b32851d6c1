using Gateway.Core.Files;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Chats;

/// <summary>
/// What a model is sent of a chat: the system prompt and the newest messages, as many as admins allow and as fit into what it reads, less
/// what it may answer. The oldest are left out first; the new one never is.
/// </summary>
internal sealed class ChatContext(IDbContextFactory<HubDbContext> databases, FileStore files)
{
    private const int BytesPerToken = 4;
    private const long TokensPerImage = 1_290; // as the estimate of an answer without usage has it
    private const long TokensPerMessage = 4;
    private const long ShortestAnswer = 256;

    /// <summary>Puts it together.</summary>
    /// <param name="turn">The message.</param>
    /// <param name="settings">What admins allow.</param>
    /// <param name="maxTokens">The most tokens of the answer that the client asks for; null: none asked.</param>
    /// <param name="mostImageBytes">The most bytes of images, encoded; those of the new message count first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ContextCut> BuildAsync(
        Turn turn,
        ChatSettingValues settings,
        long? maxTokens,
        long mostImageBytes,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var profile = await db.UserProfiles.AsNoTracking().FirstOrDefaultAsync(p => p.UserId == turn.Chat.UserId, cancellationToken);
        var rows = await db
            .ChatMessages.AsNoTracking()
            .Where(m => m.ChatId == turn.Chat.Id && !m.IsFailed && m.SequenceNumber <= turn.Message.SequenceNumber)
            .OrderByDescending(m => m.SequenceNumber)
            .Take(settings.ContextMessages)
            .ToListAsync(cancellationToken);
        var images = turn.Model.SupportsVision
            ? await ImagesOfAsync(db, rows, mostImageBytes, cancellationToken)
            : Enumerable.Empty<StoredFile>().ToLookup(f => f.MessageId);
        var system = SystemPrompt.Of(settings.SystemPrompt, profile);
        var room = RoomFor(turn.Model, maxTokens) - TokensOf(system, 0);
        List<ContextMessage> sent = [];
        foreach (var row in rows.Where(r => r.Content.Length > 0 || images[r.Id].Any()))
        {
            List<StoredFile> shown = row.Role == MessageRoles.User ? [.. images[row.Id]] : [];
            room -= TokensOf(row.Content, shown.Count);
            if (room < 0 && sent.Count > 0)
            {
                break;
            }
            sent.Add(new ContextMessage(row.Role, row.Content, shown));
        }
        sent.Reverse();
        var before = turn.Message.SequenceNumber - sent.Count;
        return new ContextCut([new ContextMessage(MessageRoles.System, system, []), .. sent], sent.Count, before, room < 0);
    }

    private static long RoomFor(PolicyModel model, long? maxTokens)
    {
        if (model.MaxInputTokens is not { } window)
        {
            return long.MaxValue / 2;
        }
        var answer = Math.Max(ShortestAnswer, maxTokens ?? Math.Min(model.MaxOutputTokens ?? 0, window / 4));
        return Math.Max(0, window - answer);
    }

    private static long TokensOf(string text, int images) =>
        TokensPerMessage + ((System.Text.Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken) + (images * TokensPerImage);

    // The newest first, as long as they fit.
    private async Task<ILookup<string?, StoredFile>> ImagesOfAsync(
        HubDbContext db,
        List<ChatMessage> rows,
        long mostBytes,
        CancellationToken cancellationToken
    )
    {
        var ids = rows.Where(r => r.Attachments != "[]").Select(r => r.Id).ToList();
        if (ids.Count == 0)
        {
            return Enumerable.Empty<StoredFile>().ToLookup(f => f.MessageId);
        }
        var all = await db
            .Files.AsNoTracking()
            .Where(f => ids.Contains(f.MessageId!) && f.MimeType.StartsWith("image/"))
            .ToListAsync(cancellationToken);
        var order = ids.Select((id, index) => (id, index)).ToDictionary(p => p.id, p => p.index);
        List<StoredFile> fitting = [];
        foreach (var file in all.OrderBy(f => order[f.MessageId!]).ThenBy(f => f.Id, StringComparer.Ordinal))
        {
            mostBytes -= ChatBody.EncodedLength(file);
            if (mostBytes < 0)
            {
                break;
            }
            if (files.HasBytes(file))
            {
                fitting.Add(file);
            }
        }
        return fitting.ToLookup(f => f.MessageId);
    }
}
