using System.Globalization;
using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Conventions;
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
    private const int DefaultPageSize = 100;
    private const int MostIds = 100;
    private const int LongestId = 36;

    public static void MapChats(this IEndpointRouteBuilder routes)
    {
        var chats = routes.MapGroup("/chats").RequireAuthorization(AccessPolicies.SignedIn);
        chats.MapGet("", ListAsync);
        chats.MapPost("", CreateAsync);
        chats.MapPost("/restore", RestoreManyAsync);
        chats.MapPost("/delete", DeleteManyAsync);
        chats.MapGet("/{id}", OpenAsync);
        chats.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        chats.MapDelete("/{id}", EndAsync);
        chats.MapDelete("/{id}/permanent", DeleteAsync);
        chats.MapPost("/{id}/favorite", ToggleFavoriteAsync);
        chats.MapPost("/{id}/restore", RestoreAsync);
        chats.MapGet("/{id}/messages", ListMessagesAsync);
    }

    private static async Task<Results<Reply<IReadOnlyList<ChatResponse>>, ApiError>> ListAsync(
        Caller caller,
        QueryReader query,
        HttpContext http,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(defaultSize: DefaultPageSize);
        var (archived, deleted) = (query.Flag("include_archived"), query.Flag("include_deleted"));
        var (favorite, search) = (query.Flag("favorite"), query.Text("search")?.ToLowerInvariant());
        if (query.Error is { } error)
        {
            return error;
        }
        var chats = db.Chats.AsNoTracking().Where(c => c.UserId == caller.UserId);
        if (archived != true && deleted != true)
        {
            chats = chats.Where(c => !c.IsArchived);
        }
        if (favorite is not null)
        {
            chats = chats.Where(c => c.IsFavorite == favorite);
        }
        if (search is not null)
        {
            chats = chats.Where(c => c.TitleKey.Contains(search));
        }
        var total = await chats.LongCountAsync(cancellationToken);
        var rows = await chats
            .OrderByDescending(c => c.UpdatedAt)
            .ThenByDescending(c => c.Id)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        http.Response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-Has-More"] = page.Of(total, rows.Count).HasMore ? "true" : "false";
        return Reply.Ok<IReadOnlyList<ChatResponse>>(rows.ConvertAll(ChatResponse.From));
    }

    private static async Task<Results<Reply<ChatResponse>, ApiError>> CreateAsync(
        Caller caller,
        JsonBody body,
        HubDbContext db,
        PolicySource policy,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = ChatWish.Read(members, shortestTitle: 0);
        if (members.Error is { } error)
        {
            return error;
        }
        if (!await db.Users.AnyAsync(u => u.Id == caller.UserId, cancellationToken))
        {
            return ApiError.UserNotFound; // a machine token is nobody's account
        }
        var setting = await HubSettings.DefaultChatModel.ReadTextAsync(db, cancellationToken);
        var model = wish.Model.Value is { } name ? ChatModels.Find(policy.Current, name) : ChatModels.Default(policy.Current, setting);
        if (wish.Model.Value is not null && Refuse(model) is { } refusal)
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
        Caller caller,
        QueryReader query,
        HubDbContext db,
        ChatOptions options,
        CancellationToken cancellationToken
    )
    {
        var withMessages = query.Flag("include_messages") ?? true;
        if (query.Error is { } error)
        {
            return error;
        }
        if (await FindAsync(db.Chats.AsNoTracking(), caller, id, cancellationToken) is not { } chat)
        {
            return ApiError.ChatNotFound;
        }
        var messages = withMessages
            ? await db
                .ChatMessages.AsNoTracking()
                .Where(m => m.ChatId == id)
                .OrderByDescending(m => m.SequenceNumber)
                .Take(options.ChatShownMessages)
                .ToListAsync(cancellationToken)
            : [];
        messages.Reverse();
        return Reply.Ok(OpenedChatResponse.From(chat, messages.ConvertAll(MessageView.Of)));
    }

    private static async Task<Results<Reply<MessagePageResponse>, ApiError>> ListMessagesAsync(
        string id,
        Caller caller,
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page();
        if (query.Error is { } error)
        {
            return error;
        }
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
        Caller caller,
        JsonBody body,
        HubDbContext db,
        PolicySource policy,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = ChatWish.Read(members, shortestTitle: 1);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        if (await FindAsync(db.Chats, caller, id, cancellationToken) is not { } chat)
        {
            return ApiError.ChatNotFound;
        }
        var model = wish.Model.Value is { } name ? ChatModels.Find(policy.Current, name) : null;
        if (wish.Model.Value is not null && Refuse(model) is { } refusal)
        {
            return refusal;
        }
        chat.Title = wish.Title.Or(chat.Title);
        chat.ModelUsed = wish.Model.IsSent ? model?.Name : chat.ModelUsed;
        chat.Tags = wish.Tags.IsSent ? wish.Tags.Value ?? [] : chat.Tags;
        chat.IsFavorite = wish.IsFavorite.Or(chat.IsFavorite);
        chat.IsArchived = wish.IsArchived.Or(chat.IsArchived);
        chat.FolderId = wish.FolderId.Or(chat.FolderId);
        await db.SaveChangesAsync(cancellationToken);
        return Reply.Ok(ChatResponse.From(chat));
    }

    private static async Task<Results<Reply<EndedChatResponse>, ApiError>> EndAsync(
        string id,
        Caller caller,
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var permanent = query.Flag("permanent") ?? false;
        if (query.Error is { } error)
        {
            return error;
        }
        if (permanent)
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
        Caller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await Own(db.Chats, caller, id).ExecuteDeleteAsync(cancellationToken) > 0
            ? Reply.Ok(new EndedChatResponse("Chat session deleted successfully", id))
            : ApiError.ChatNotFound;

    private static async Task<Results<Reply<ChatResponse>, ApiError>> ToggleFavoriteAsync(
        string id,
        Caller caller,
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
        Caller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        await Own(db.Chats, caller, id).ExecuteUpdateAsync(set => set.SetProperty(c => c.IsArchived, false), cancellationToken);
        return await ShowAsync(db, caller, id, cancellationToken);
    }

    private static async Task<Results<Reply<ChangedChatsResponse>, ApiError>> RestoreManyAsync(
        Caller caller,
        JsonBody body,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var ids = ReadIds(members);
        if (members.Error is { } error)
        {
            return error;
        }
        var count = await db
            .Chats.Where(c => c.UserId == caller.UserId && ids.Contains(c.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.IsArchived, false), cancellationToken);
        return Reply.Ok(new ChangedChatsResponse("Chat sessions restored successfully", count));
    }

    private static async Task<Results<Reply<ChangedChatsResponse>, ApiError>> DeleteManyAsync(
        Caller caller,
        JsonBody body,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var ids = ReadIds(members);
        if (members.Error is { } error)
        {
            return error;
        }
        var count = await db.Chats.Where(c => c.UserId == caller.UserId && ids.Contains(c.Id)).ExecuteDeleteAsync(cancellationToken);
        return Reply.Ok(new ChangedChatsResponse("Chat sessions deleted successfully", count));
    }

    private static List<string> ReadIds(MemberReader members)
    {
        var ids = members.Names("ids", MostIds, LongestId);
        if (ids is { IsSent: false } or { Value: null or { Count: 0 } } && members.Error is null)
        {
            members.Refuse("ids", "required", $"is required: 1 to {MostIds} ids");
        }
        return ids.Value ?? [];
    }

    private static ApiError? Refuse(PolicyModel? model) =>
        model is null ? ApiError.ModelNotFound
        : !model.IsEnabled ? ApiError.ModelDisabled
        : model.Mode != ChatModels.Mode ? ApiError.ModelNotChat
        : null;

    private static async Task<Results<Reply<ChatResponse>, ApiError>> ShowAsync(
        HubDbContext db,
        Caller caller,
        string id,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db.Chats.AsNoTracking(), caller, id, cancellationToken) is { } chat
            ? Reply.Ok(ChatResponse.From(chat))
            : ApiError.ChatNotFound;

    private static Task<Chat?> FindAsync(IQueryable<Chat> chats, Caller caller, string id, CancellationToken cancellationToken) =>
        Own(chats, caller, id).FirstOrDefaultAsync(cancellationToken);

    private static IQueryable<Chat> Own(IQueryable<Chat> chats, Caller caller, string id) =>
        chats.Where(c => c.Id == id && c.UserId == caller.UserId);
}
