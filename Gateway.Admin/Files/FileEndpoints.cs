using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Files;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Gateway.Admin.Files;

/// <summary>Files of the caller. A file of somebody else does not exist for the caller, whatever the caller's role.</summary>
internal static class FileEndpoints
{
    private static readonly FileFormMetadata UploadForm = new(
        "file",
        "By declared type and by content.",
        string.Join(", ", FileTypes.Endings.Keys.Order())
    )
    {
        TextField = ("chat_id", "The chat that the file is for."),
    };

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/files").RequireAuthorization(AccessPolicies.SignedIn);
        files
            .MapPost("/upload", UploadAsync)
            .WithMetadata(UploadForm)
            .Says("Upload a file", "JPEG, PNG, GIF, WebP, PDF or DOCX. Messages attach it by its id.")
            .Refuses(404);
        files.MapGet("", ListAsync).Says("List files", "The own ones, newest first.");
        files
            .MapGet("/{id}", SendAsync)
            .Says("Read a file", "Its bytes, or the range of them that `Range` asks for.")
            .Produces<string>(StatusCodes.Status200OK, "application/octet-stream");
        files.MapDelete("/{id}", DeleteAsync).Says("Delete a file", "Messages keep its name.");
    }

    private static async Task<Results<CreatedReply<FileResponse>, ApiError>> UploadAsync(
        SignedInCaller caller,
        HttpContext http,
        FileUpload upload,
        FileStore files,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (await RefuseMoreAsync(db, caller, cancellationToken) is { } full)
        {
            return full;
        }
        var form = await upload.ReadAsync(http.Request, cancellationToken);
        if (form is not { Bytes: { } bytes, Refusal: null })
        {
            return form.Refusal!;
        }
        try
        {
            if (form.ChatId is { } chatId && !await db.Chats.AnyAsync(c => c.Id == chatId && c.UserId == caller.UserId, cancellationToken))
            {
                await upload.ForgetAsync(form);
                return ApiError.ChatNotFound;
            }
            var row = files.NewRow(bytes, caller.UserId, form.GivenName, form.ChatId);
            db.Files.Add(row);
            await db.SaveChangesAsync(cancellationToken);
            return Reply.Created(FileResponse.From(row));
        }
        catch
        {
            await upload.ForgetAsync(form);
            throw;
        }
    }

    private static async Task<Results<Reply<FilePageResponse>, ApiError>> ListAsync(
        SignedInCaller caller,
        Query<PageQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Value.Page;
        var own = db.Files.AsNoTracking().Where(f => f.UserId == caller.UserId);
        var total = await own.LongCountAsync(cancellationToken);
        var rows = await own.OrderByDescending(f => f.UploadedAt)
            .ThenByDescending(f => f.Id)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        var shown = page.Of(total, rows.Count);
        return Reply.Ok(
            new FilePageResponse(rows.ConvertAll(FileResponse.From), shown.TotalCount, shown.Limit, shown.Offset, shown.HasMore)
        );
    }

    // Never shown in the browser's own page: what users bring is handed over, not run.
    private static async Task<IResult> SendAsync(
        string id,
        SignedInCaller caller,
        HttpContext http,
        FileStore files,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(db, caller, id, cancellationToken) is not { } file || !files.HasBytes(file))
        {
            return ApiError.FileNotFound;
        }
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return Results.Stream(
            files.Open(file),
            file.MimeType,
            file.OriginalFilename,
            new DateTimeOffset(DateTime.SpecifyKind(file.UploadedAt, DateTimeKind.Utc)),
            new EntityTagHeaderValue($"\"{file.Sha256}\""),
            enableRangeProcessing: true
        );
    }

    private static async Task<Results<Reply<Done>, ApiError>> DeleteAsync(
        string id,
        SignedInCaller caller,
        FileStore files,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(db, caller, id, cancellationToken) is not { } file)
        {
            return ApiError.FileNotFound;
        }
        db.Files.Remove(file);
        await db.SaveChangesAsync(cancellationToken);
        await files.DeleteAsync(file);
        return Reply.Ok(new Done("File deleted successfully"));
    }

    private static async Task<ApiError?> RefuseMoreAsync(HubDbContext db, SignedInCaller caller, CancellationToken cancellationToken)
    {
        if (!await db.Users.AnyAsync(u => u.Id == caller.UserId, cancellationToken))
        {
            return ApiError.UserNotFound; // a machine token is nobody's account
        }
        var most = await HubSettings.MaxFilesPerUser.ReadWholeAsync(db, cancellationToken);
        return await db.Files.CountAsync(f => f.UserId == caller.UserId, cancellationToken) < most
            ? null
            : ApiError.Conflict($"You have {most} files already, and more are not allowed. Delete one first");
    }

    private static Task<StoredFile?> FindAsync(HubDbContext db, SignedInCaller caller, string id, CancellationToken cancellationToken) =>
        db.Files.FirstOrDefaultAsync(f => f.Id == id && f.UserId == caller.UserId, cancellationToken);
}
