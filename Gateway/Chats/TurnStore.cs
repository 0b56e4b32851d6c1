using System.Data.Common;
using System.Text.Json;
using Gateway.Core.Chats;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Texts;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Chats;

/// <summary>
/// Begins and ends turns in the database: there is one row for a chat, so that on all nodes together one answer at a time is made in it.
/// </summary>
internal sealed class TurnStore(IDbContextFactory<HubDbContext> databases, StoreProvider store, ServerOptions options, TimeProvider time)
{
    private const int LongestMadeTitle = 50;

    // What clients send where nobody chose a title.
    private static readonly string[] NoTitles = ["", Chat.DefaultTitle, "Новый чат"];

    /// <summary>Takes the chat and stores the message; null when another answer is being made, or the chat is gone.</summary>
    public async Task<Turn?> BeginAsync(
        Chat chat,
        string callId,
        ChatWish wish,
        PolicyModel model,
        IReadOnlyList<StoredFile> files,
        IReadOnlyList<MessageAttachment> attachments,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow().UtcDateTime;
        var message = new ChatMessage
        {
            Id = Guid.CreateVersion7().ToString(),
            ChatId = chat.Id,
            Role = MessageRoles.User,
            Content = wish.Content,
            ModelUsed = model.Name,
            Attachments = attachments.Count == 0 ? "[]" : JsonSerializer.Serialize(attachments, ChatJson.Options),
            CreatedAt = now,
        };
        var turn = new Turn
        {
            CallId = callId,
            Chat = chat,
            Message = message,
            AnswerId = Guid.CreateVersion7().ToString(),
            Model = model,
            NamesModel = wish.Model is not null,
            Files = files,
        };
        // Of many who want the chat at the same time, MySQL ends some in favour of others, and does not say whether the chat is taken.
        return await Deadlocks.RunAsync(async () => await TakeAsync(turn, cancellationToken)) ? turn : null;
    }

    private async Task<bool> TakeAsync(Turn turn, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            db.ChatTurns.Add(
                new ChatTurn
                {
                    ChatId = turn.Chat.Id,
                    CallId = turn.CallId,
                    NodeId = options.GetNodeName(),
                    UserMessageId = turn.Message.Id,
                    MessageId = turn.AnswerId,
                    ModelUsed = turn.Model.Name,
                    StartedAt = turn.Message.CreatedAt,
                }
            );
            await db.SaveChangesAsync(cancellationToken);
            // From here on nobody else writes messages of this chat
            await AddMessageAsync(db, turn.Message, cancellationToken);
            await LinkAsync(db, turn.Files, turn.Chat.Id, turn.Message.Id, cancellationToken);
        }
        catch (DbUpdateException fault) when (fault.InnerException is DbException inner && IsTaken(inner))
        {
            return false;
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Stores the answer and lets go of the chat; null when there is nothing to store it in any more.</summary>
    public async Task<ChatMessage?> AnswerAsync(Turn turn, TurnEnd end)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (!await LetGoAsync(db, turn))
        {
            return null;
        }
        var answer = new ChatMessage
        {
            Id = turn.AnswerId,
            ChatId = turn.Chat.Id,
            Role = MessageRoles.Assistant,
            Content = end.Content,
            ModelUsed = turn.Model.Name,
            TokensInput = end.TokensInput,
            TokensOutput = end.TokensOutput,
            CostNanoUsd = end.CostNanoUsd,
            Metadata = end.Metadata,
            IsIncomplete = end.IsIncomplete,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        await AddMessageAsync(db, answer, CancellationToken.None);
        await TouchAsync(db, turn.Chat.Id, turn.Message, turn.NamesModel ? turn.Model.Name : null, answer.CreatedAt);
        await transaction.CommitAsync();
        return answer;
    }

    /// <summary>Nothing came: the message stays, marked, and the chat is let go of.</summary>
    public async Task FailAsync(Turn turn)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await LetGoAsync(db, turn))
        {
            await MarkFailedAsync(db, turn.Message.Id);
            await TouchAsync(db, turn.Chat.Id, turn.Message, model: null, time.GetUtcNow().UtcDateTime);
            await transaction.CommitAsync();
        }
    }

    /// <summary>Nothing was sent: the chat is as it was before.</summary>
    public async Task UndoAsync(Turn turn)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await LetGoAsync(db, turn))
        {
            await db.ChatMessages.Where(m => m.Id == turn.Message.Id).ExecuteDeleteAsync();
            await db
                .Chats.Where(c => c.Id == turn.Chat.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.MessageCount, c => c.MessageCount - 1));
            await transaction.CommitAsync();
        }
    }

    /// <summary>Writes down what came of answers so far.</summary>
    public async Task SaveDraftsAsync(IReadOnlyList<Turn> turns, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var turn in turns)
        {
            var draft = turn.Draft;
            await db
                .ChatTurns.Where(t => t.ChatId == turn.Chat.Id && t.CallId == turn.CallId)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.Draft, draft), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Ends the turns that nodes left behind which run no more: the answer so far is stored with the cost that its ledger entry has, and
    /// the chat is free. Their calls must stand in the ledger: the journal is replayed before.
    /// </summary>
    /// <param name="isDead">Whether the node of a turn is known to run no more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    public async Task<int> RecoverAsync(Func<string, bool> isDead, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var left = (await db.ChatTurns.AsNoTracking().ToListAsync(cancellationToken)).Where(t => isDead(t.NodeId)).ToList();
        foreach (var turn in left)
        {
            await RecoverAsync(turn, cancellationToken);
        }
        return left.Count;
    }

    private async Task RecoverAsync(ChatTurn turn, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var gone = await db.ChatTurns.Where(t => t.ChatId == turn.ChatId && t.CallId == turn.CallId).ExecuteDeleteAsync(cancellationToken);
        if (gone == 0)
        {
            return; // another node was faster
        }
        var now = time.GetUtcNow().UtcDateTime;
        var entry = await db.UsageRecords.AsNoTracking().FirstOrDefaultAsync(r => r.Id == turn.CallId, cancellationToken);
        var message = await db.ChatMessages.AsNoTracking().FirstOrDefaultAsync(m => m.Id == turn.UserMessageId, cancellationToken);
        if (entry is { TotalCostNanoUsd: > 0 } || turn.Draft.Length > 0)
        {
            await AddMessageAsync(
                db,
                new ChatMessage
                {
                    Id = turn.MessageId,
                    ChatId = turn.ChatId,
                    Role = MessageRoles.Assistant,
                    Content = turn.Draft,
                    ModelUsed = turn.ModelUsed,
                    TokensInput = entry?.Usage.PromptTokens ?? 0,
                    TokensOutput = entry?.Usage.CompletionTokens ?? 0,
                    CostNanoUsd = entry?.TotalCostNanoUsd ?? 0,
                    IsIncomplete = true,
                    CreatedAt = now,
                },
                cancellationToken
            );
        }
        else
        {
            await MarkFailedAsync(db, turn.UserMessageId);
        }
        if (message is not null)
        {
            await TouchAsync(db, turn.ChatId, message, model: null, now);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private bool IsTaken(DbException fault) =>
        store.IsUniqueViolation(fault) || fault.Message.Contains("FOREIGN KEY", StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> LetGoAsync(HubDbContext db, Turn turn) =>
        await db.ChatTurns.Where(t => t.ChatId == turn.Chat.Id && t.CallId == turn.CallId).ExecuteDeleteAsync() > 0;

    // The number is taken with the row of the chat locked.
    private static async Task AddMessageAsync(HubDbContext db, ChatMessage message, CancellationToken cancellationToken)
    {
        await db
            .Chats.Where(c => c.Id == message.ChatId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.MessageCount, c => c.MessageCount + 1), cancellationToken);
        message.SequenceNumber = await db
            .Chats.Where(c => c.Id == message.ChatId)
            .Select(c => c.MessageCount)
            .FirstOrDefaultAsync(cancellationToken);
        db.ChatMessages.Add(message);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task LinkAsync(
        HubDbContext db,
        IReadOnlyList<StoredFile> files,
        string chatId,
        string messageId,
        CancellationToken cancellationToken
    )
    {
        var ids = files.Select(f => f.Id).ToList();
        if (ids.Count > 0)
        {
            await db
                .Files.Where(f => ids.Contains(f.Id))
                .ExecuteUpdateAsync(
                    set => set.SetProperty(f => f.ChatId, chatId).SetProperty(f => f.MessageId, messageId),
                    cancellationToken
                );
        }
    }

    private static Task MarkFailedAsync(HubDbContext db, string messageId) =>
        db.ChatMessages.Where(m => m.Id == messageId).ExecuteUpdateAsync(set => set.SetProperty(m => m.IsFailed, true));

    private static async Task TouchAsync(HubDbContext db, string chatId, ChatMessage message, string? model, DateTime now)
    {
        if (await db.Chats.FirstOrDefaultAsync(c => c.Id == chatId) is not { } chat)
        {
            return;
        }
        chat.UpdatedAt = now;
        chat.ModelUsed = model ?? chat.ModelUsed ?? message.ModelUsed;
        if (NoTitles.Contains(chat.Title) && TitleOf(message.Content) is { Length: > 0 } title)
        {
            chat.Title = title;
        }
        await db.SaveChangesAsync();
    }

    private static string TitleOf(string content)
    {
        var text = content.Trim().ReplaceLineEndings(" ");
        return text.Length > LongestMadeTitle ? TextCut.First(text, LongestMadeTitle) + "..." : text;
    }
}
