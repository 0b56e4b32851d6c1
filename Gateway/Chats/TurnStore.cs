using System.Data.Common;
using System.Text.Json;
using Gateway.Core.Chats;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Texts;
using Gateway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Chats;

/// <summary>
/// Begins and ends turns in the database: there is one row for a chat, so that on all nodes together one answer at a time is made in it.
/// </summary>
internal sealed class TurnStore(IDbContextFactory<HubDbContext> databases, StoreProvider store, ServerOptions options, TimeProvider time)
{
    private const int LongestMadeTitle = 50;
    private const int MostAtOnce = 200;

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
        var isHeld = await LetGoAsync(db, turn);
        // Else the chat was deleted, or another node took this one for dead and ended the turn with what it found.
        if (!isHeld && !await db.ChatMessages.AnyAsync(m => m.Id == turn.Message.Id))
        {
            return null;
        }
        var found = isHeld ? null : await db.ChatMessages.FirstOrDefaultAsync(m => m.Id == turn.AnswerId);
        var answer = found ?? NewAnswer(turn.AnswerId, turn.Chat.Id, turn.Model.Name);
        answer.Content = end.Content;
        answer.TokensInput = end.TokensInput;
        answer.TokensOutput = end.TokensOutput;
        answer.CostNanoUsd = end.CostNanoUsd;
        answer.Metadata = end.Metadata;
        answer.IsIncomplete = end.IsIncomplete;
        await (found is null ? AddMessageAsync(db, answer, CancellationToken.None) : db.SaveChangesAsync());
        if (!isHeld)
        {
            await MarkFailedAsync(db, turn.Message.Id, isFailed: false);
        }
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
            await MarkFailedAsync(db, turn.Message.Id, isFailed: true);
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
        var nodes = await db.ChatTurns.Select(t => t.NodeId).Distinct().ToListAsync(cancellationToken);
        nodes.RemoveAll(node => !isDead(node));
        if (nodes.Count == 0)
        {
            return 0;
        }
        var left = await db.ChatTurns.AsNoTracking().Where(t => nodes.Contains(t.NodeId)).ToListAsync(cancellationToken);
        foreach (var turn in left)
        {
            await RecoverAsync(turn, cancellationToken);
        }
        return left.Count;
    }

    /// <summary>
    /// Says of answers what they cost, whose turns another node had ended before their calls stood in the ledger: the journal that told of
    /// them came later.
    /// </summary>
    /// <param name="messages">The answers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ChargeAsync(IReadOnlyList<ReplayedMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var some in messages.Chunk(MostAtOnce))
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var ids = some.Select(m => m.MessageId).ToList();
            var standing = await db.ChatMessages.Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, cancellationToken);
            foreach (var message in some)
            {
                await ChargeAsync(db, message, standing.GetValueOrDefault(message.MessageId), cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private async Task ChargeAsync(HubDbContext db, ReplayedMessage message, ChatMessage? answer, CancellationToken cancellationToken)
    {
        if (answer is { IsIncomplete: false } || (answer is null && !message.WasInFlight))
        {
            return; // whole, or nothing came and that is known
        }
        var entry = await db.UsageRecords.AsNoTracking().FirstOrDefaultAsync(r => r.Id == message.CallId, cancellationToken);
        if (answer is not null)
        {
            Charge(answer, entry);
            await db.SaveChangesAsync(cancellationToken);
        }
        else if (entry is { TotalCostNanoUsd: > 0, ChatId: { } chat } && await db.Chats.AnyAsync(c => c.Id == chat, cancellationToken))
        {
            answer = NewAnswer(message.MessageId, chat, entry.ModelName);
            answer.IsIncomplete = true;
            Charge(answer, entry);
            await AddMessageAsync(db, answer, cancellationToken);
        }
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
            var answer = NewAnswer(turn.MessageId, turn.ChatId, turn.ModelUsed);
            (answer.Content, answer.IsIncomplete) = (turn.Draft, true);
            Charge(answer, entry);
            await AddMessageAsync(db, answer, cancellationToken);
        }
        else
        {
            await MarkFailedAsync(db, turn.UserMessageId, isFailed: true);
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

    private static Task MarkFailedAsync(HubDbContext db, string messageId, bool isFailed) =>
        db.ChatMessages.Where(m => m.Id == messageId).ExecuteUpdateAsync(set => set.SetProperty(m => m.IsFailed, isFailed));

    private ChatMessage NewAnswer(string id, string chatId, string? model) =>
        new()
        {
            Id = id,
            ChatId = chatId,
            Role = MessageRoles.Assistant,
            Content = "",
            ModelUsed = model,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };

    private static void Charge(ChatMessage answer, UsageRecord? entry)
    {
        answer.TokensInput = entry?.Usage.PromptTokens ?? 0;
        answer.TokensOutput = entry?.Usage.CompletionTokens ?? 0;
        answer.CostNanoUsd = entry?.TotalCostNanoUsd ?? 0;
    }

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
