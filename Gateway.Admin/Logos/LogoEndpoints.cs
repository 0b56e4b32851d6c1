using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Admin.Transport;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Admin.Logos;

/// <summary>Logos: upload and removal for admins, the file itself for everybody.</summary>
internal static class LogoEndpoints
{
    private const string SvgPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    private const int FormOverhead = 64 * 1024;

    private static readonly FileFormMetadata LogoForm = new(
        "logo",
        "A .png or .svg of at most 5 MiB, by name and by content.",
        "image/png, image/svg+xml"
    );

    public static void MapLogos(this WebApplication app, IEndpointRouteBuilder routes)
    {
        var logos = routes.MapGroup("/admin/upload/logo").RequireAuthorization(AccessPolicies.Admin);
        logos
            .MapPost("", UploadAsync)
            .WithMetadata(LogoForm)
            .Says(
                "Upload a logo",
                "A .png or .svg of at most 5 MiB, by name and by content. `url` in the answer is for " + "logo_url of a company."
            )
            .Refuses(413, 415);
        logos.MapDelete("", DeleteAsync).Says("Delete a logo", "By the address that the upload answered.");
        app.MapGet("/uploads/logos/{file}", SendAsync);
    }

    // The form is read by hand, after the caller was judged and never beyond the limit.
    private static async Task<Results<Reply<UploadedLogo>, ApiError>> UploadAsync(
        HttpContext http,
        LogoFiles files,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        if (!http.Request.HasFormContentType)
        {
            return ApiError.UnsupportedMediaType;
        }
        if (http.Request.ContentLength > LogoFiles.LargestBytes + FormOverhead)
        {
            return ApiError.PayloadTooLarge;
        }
        var limits = new FormOptions
        {
            MultipartBodyLengthLimit = LogoFiles.LargestBytes + 1,
            MemoryBufferThreshold = LogoFiles.LargestBytes + 1,
            ValueCountLimit = 10,
        };
        IFormCollection form;
        try
        {
            form = await new FormFeature(http.Request, limits).ReadFormAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            return ApiError.PayloadTooLarge;
        }
        catch (IOException) when (!cancellationToken.IsCancellationRequested) // the form ends before its last boundary
        {
            return ApiError.Validation("logo", "form", "must come as a whole multipart form");
        }
        if (form.Files.GetFile("logo") is not { } file)
        {
            return ApiError.Validation("logo", "required", "is required");
        }
        if (file.Length > LogoFiles.LargestBytes)
        {
            return ApiError.PayloadTooLarge;
        }
        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        if (await files.SaveAsync(file.FileName, content.ToArray(), cancellationToken) is not { } name)
        {
            return ApiError.Validation("logo", "image", "must be a .png or a .svg without scripts and references to other places");
        }
        await changes.AuditAsync("logo.uploaded", "logo", name, actor, cancellationToken);
        var url = "/uploads/logos/" + name;
        return Reply.Ok(new UploadedLogo(true, "Logo uploaded successfully", new LogoUrl(url), url));
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
        Query<LogoQuery> query,
        LogoFiles files,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var url = query.Value.Url;
        if (url is null || !files.Delete(url))
        {
            return ApiError.Validation("url", "logo", "must be the address of an uploaded logo");
        }
        await changes.AuditAsync("logo.deleted", "logo", url[(url.LastIndexOf('/') + 1)..], actor, cancellationToken);
        return Reply.Enveloped<object?>("Logo deleted successfully", null);
    }

    private static async Task SendAsync(HttpContext http)
    {
        var limits = http.RequestServices.GetRequiredService<HttpLimits>();
        if (await limits.TakeAsync(http) is { } wait)
        {
            HttpLimits.SetRetryAfter(http, wait);
            await ApiError.TooManyRequests.ExecuteAsync(http);
            return;
        }
        var name = (string)http.Request.RouteValues["file"]!;
        if (http.RequestServices.GetRequiredService<LogoFiles>().Find(name) is not { } path || !File.Exists(path))
        {
            await ApiError.NotFound("Logo not found").ExecuteAsync(http);
            return;
        }
        http.AddBrowserHeaders();
        http.Response.Headers.CacheControl = "public, max-age=86400";
        http.Response.Headers.ContentSecurityPolicy = SvgPolicy;
        http.Response.ContentType = name.EndsWith(".svg", StringComparison.Ordinal) ? "image/svg+xml" : "image/png";
        await http.Response.SendFileAsync(path, http.RequestAborted);
    }
}
