using System.Globalization;
using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Chats;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Chats;

/// <summary>
/// The chats of a user: lists, changes, archive. A chat of somebody else does not exist for the caller, whatever the caller's role.
/// Messages are sent to the routes of traffic.
/// </summary>
internal static class ChatEndpoints
{
    public static void MapChats(this IEndpointRouteBuilder routes)
    {
        var chats = routes.MapGroup("/chats").RequireAuthorization(AccessPolicies.SignedIn);
        chats
            .MapGet("", ListAsync)
            .Says(
                "List chats",
                "The own ones, changed last first: a bare array. How many there are in all, and whether more follow, is in `X-Total-Count` "
                    + "and `X-Has-More`."
            );
        chats.MapPost("", CreateAsync).Says("Make a chat", "It takes the model that admins set as default when none is sent.").Refuses(404);
        chats.MapPost("/restore", RestoreManyAsync).Says("Restore chats", "Takes them out of the archive. Ids of nobody are skipped.");
        chats.MapPost("/delete", DeleteManyAsync).Says("Delete chats", "With their messages, for good. Ids of nobody are skipped.");
        chats.MapGet("/{id}", OpenAsync).Says("Open a chat", "With its newest messages, oldest first.");
        chats
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change a chat", "Changes the members that are sent.");
        chats.MapDelete("/{id}", EndAsync).Says("Archive a chat", "Or delete it, with `permanent=true`. An archived one can be restored.");
        chats.MapDelete("/{id}/permanent", DeleteAsync).Says("Delete a chat", "With its messages, for good.");
        chats.MapPost("/{id}/favorite", ToggleFavoriteAsync).Says("Mark or unmark a favourite", "Turns `is_favorite` over.");
        chats.MapPost("/{id}/restore", RestoreAsync).Says("Restore a chat", "Takes it out of the archive.");
        chats.MapGet("/{id}/messages", ListMessagesAsync).Says("List messages", "Of one chat, oldest first, in pages.");
    }

    private static async Task<Results<Reply<IReadOnlyList<ChatResponse>>, ApiError>> ListAsync(
        SignedInCaller caller,
        Query<ChatQuery> query,
        HttpContext http,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (wanted, page) = (query.Value, query.Value.Page);
        var (favorite, search) = (wanted.Favorite, wanted.Search?.ToLowerInvariant());
        var chats = db.Chats.AsNoTracking().Where(c => c.UserId == caller.UserId);
        if (wanted.IncludeArchived != true && wanted.IncludeDeleted != true)
        {
            chats = chats.Where(c => !c.IsArchived);
        }
        if (favorite is not null)
        {
            chats = chats.Where(c => c.IsFavorite == favorite);
        }
        if (wanted.FolderId is { } folder)
        {
            chats = chats.Where(c => c.FolderId == folder);
        }
        if (search is not null)
        {
            chats = chats.Where(c => c.TitleKey.Contains(search));
        }
        var total = await chats.LongCountAsync(cancellationToken);
        // The index knows which chats are on the page; only their rows are read, however late the page is.
        var ids = await chats
            .OrderByDescending(c => c.UpdatedAt)
            .ThenByDescending(c => c.Id)
            .Skip(page.Offset)
            .Take(page.Limit)
            .Select(c => c.Id)
            .ToListAsync(cancellationToken);
        var rows = await db.Chats.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(cancellationToken);
        rows.Sort((a, b) => ids.IndexOf(a.Id).CompareTo(ids.IndexOf(b.Id)));
        http.Response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-Has-More"] = page.Of(total, rows.Count).HasMore ? "true" : "false";
        return Reply.Ok<IReadOnlyList<ChatResponse>>(rows.ConvertAll(ChatResponse.From));
    }

    private static async Task<Results<CreatedReply<ChatResponse>, ApiError>> CreateAsync(
        SignedInCaller caller,
        Body<NewChat> body,
        HubDbContext db,
        PolicySource policy,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var wish = body.Value;
        if (!await db.Users.AnyAsync(u => u.Id == caller.UserId, cancellationToken))
        {
            return ApiError.UserNotFound; // a machine token is nobody's account
        }
        var setting = await HubSettings.DefaultChatModel.ReadTextAsync(db, cancellationToken);
        var wanted = wish.Wanted.Value;
        var model = wanted is not null ? ChatModels.Find(policy.Current, wanted) : ChatModels.Default(policy.Current, setting);
        if (wanted is not null && Refuse(model) is { } refusal)
        {
            return refusal;
        }
        var now = time.UtcNow();
        var chat = new Chat
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = caller.UserId,
            Title = wish.Title.Value is { Length: > 0 } title ? title : Chat.DefaultTitle,
            ModelUsed = model?.Name,
            FolderId = wish.FolderId.Value,
            Tags = wish.Tags.Value ?? [],
            IsFavorite = wish.IsFavorite.Value,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Chats.Add(chat);
        await db.SaveChangesAsync(cancellationToken);
        return Reply.Created(ChatResponse.From(chat));
    }

    private static async Task<Results<Reply<OpenedChatResponse>, ApiError>> OpenAsync(
        string id,
        SignedInCaller caller,
        Query<OpenedChatQuery> query,
        HubDbContext db,
        ChatOptions options,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(db.Chats.AsNoTracking(), caller, id, cancellationToken) is not { } chat)
        {
            return ApiError.ChatNotFound;
        }
        var messages =
            query.Value.IncludeMessages != false
                ? await db
                    .ChatMessages.AsNoTracking()
                    .Where(m => m.ChatId == id)
                    .OrderByDescending(m => m.SequenceNumber)
                    .Take(options.ChatShownMessages)
                    .ToListAsync(cancellationToken)
                : [];
        messages.Reverse();
        return Reply.Ok(new OpenedChatResponse(chat, messages.ConvertAll(MessageView.Of)));
    }

    private static async Task<Results<Reply<MessagePageResponse>, ApiError>> ListMessagesAsync(
        string id,
        SignedInCaller caller,
        Query<PageQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Value.Page;
        if (await FindAsync(db.Chats.AsNoTracking(), caller, id, cancellationToken) is not { } chat)
        {
            return ApiError.ChatNotFound;
        }
        // Numbers have no gaps: a page is found by them, the last one as fast as the first.
        var rows = await db
            .ChatMessages.AsNoTracking()
            .Where(m => m.ChatId == id && m.SequenceNumber > page.Offset)
            .OrderBy(m => m.SequenceNumber)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        var shown = page.Of(chat.MessageCount, rows.Count);
        return Reply.Ok(
            new MessagePageResponse(rows.ConvertAll(MessageView.Of), shown.TotalCount, shown.Limit, shown.Offset, shown.HasMore)
        );
    }

    private static async Task<Results<Reply<ChatResponse>, ApiError>> UpdateAsync(
        string id,
        SignedInCaller caller,
        Body<ChatUpdate> body,
        HubDbContext db,
        PolicySource policy,
        CancellationToken cancellationToken
    )
    {
        var wish = body.Value;
        if (await FindAsync(db.Chats, caller, id, cancellationToken) is not { } chat)
        {
            return ApiError.ChatNotFound;
        }
        var wanted = wish.Wanted.Value;
        var model = wanted is not null ? ChatModels.Find(policy.Current, wanted) : null;
        if (wanted is not null && Refuse(model) is { } refusal)
        {
            return refusal;
        }
        chat.Title = wish.Title.Or(chat.Title);
        chat.ModelUsed = wish.Wanted.IsSent ? model?.Name : chat.ModelUsed;
        chat.Tags = wish.Tags.IsSent ? wish.Tags.Value ?? [] : chat.Tags;
        chat.IsFavorite = wish.IsFavorite.Or(chat.IsFavorite);
        chat.IsArchived = wish.IsArchived.Or(wish.IsDeleted.Or(chat.IsArchived));
        chat.FolderId = wish.FolderId.Or(chat.FolderId);
        await db.SaveChangesAsync(cancellationToken);
        return Reply.Ok(ChatResponse.From(chat));
    }

    private static async Task<Results<Reply<EndedChatResponse>, ApiError>> EndAsync(
        string id,
        SignedInCaller caller,
        Query<EndQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (query.Value.Permanent == true)
        {
            return await DeleteAsync(id, caller, db, cancellationToken);
        }
        var own = Own(db.Chats, caller, id);
        return await own.ExecuteUpdateAsync(set => set.SetProperty(c => c.IsArchived, true), cancellationToken) > 0
            ? Reply.Ok(new EndedChatResponse("Chat session archived successfully", id))
            : ApiError.ChatNotFound;
    }

    private static async Task<Results<Reply<EndedChatResponse>, ApiError>> DeleteAsync(
        string id,
        SignedInCaller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await Own(db.Chats, caller, id).ExecuteDeleteAsync(cancellationToken) > 0
            ? Reply.Ok(new EndedChatResponse("Chat session deleted successfully", id))
            : ApiError.ChatNotFound;

    private static async Task<Results<Reply<ChatResponse>, ApiError>> ToggleFavoriteAsync(
        string id,
        SignedInCaller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        await Own(db.Chats, caller, id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.IsFavorite, c => !c.IsFavorite), cancellationToken);
        return await ShowAsync(db, caller, id, cancellationToken);
    }

    private static async Task<Results<Reply<ChatResponse>, ApiError>> RestoreAsync(
        string id,
        SignedInCaller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        await Own(db.Chats, caller, id).ExecuteUpdateAsync(set => set.SetProperty(c => c.IsArchived, false), cancellationToken);
        return await ShowAsync(db, caller, id, cancellationToken);
    }

    private static async Task<Reply<ChangedChatsResponse>> RestoreManyAsync(
        SignedInCaller caller,
        Body<ChatIds> chats,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var ids = chats.Value.Ids;
        var count = await db
            .Chats.Where(c => c.UserId == caller.UserId && ids.Contains(c.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.IsArchived, false), cancellationToken);
        return Reply.Ok(new ChangedChatsResponse("Chat sessions restored successfully", count));
    }

    private static async Task<Reply<ChangedChatsResponse>> DeleteManyAsync(
        SignedInCaller caller,
        Body<ChatIds> chats,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var ids = chats.Value.Ids;
        var count = await db.Chats.Where(c => c.UserId == caller.UserId && ids.Contains(c.Id)).ExecuteDeleteAsync(cancellationToken);
        return Reply.Ok(new ChangedChatsResponse("Chat sessions deleted successfully", count));
    }

    private static ApiError? Refuse(PolicyModel? model) =>
        model is null ? ApiError.ModelNotFound
        : !model.IsEnabled ? ApiError.ModelDisabled
        : model.Mode != ChatModels.Mode ? ApiError.ModelNotChat
        : null;

    private static async Task<Results<Reply<ChatResponse>, ApiError>> ShowAsync(
        HubDbContext db,
        SignedInCaller caller,
        string id,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db.Chats.AsNoTracking(), caller, id, cancellationToken) is { } chat
            ? Reply.Ok(ChatResponse.From(chat))
            : ApiError.ChatNotFound;

    private static Task<Chat?> FindAsync(IQueryable<Chat> chats, SignedInCaller caller, string id, CancellationToken cancellationToken) =>
        Own(chats, caller, id).FirstOrDefaultAsync(cancellationToken);

    private static IQueryable<Chat> Own(IQueryable<Chat> chats, SignedInCaller caller, string id) =>
        chats.Where(c => c.Id == id && c.UserId == caller.UserId);
}
