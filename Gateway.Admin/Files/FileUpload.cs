using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Files;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Gateway.Admin.Files;

/// <summary>
/// Reads an upload's form piece by piece: the file goes where files are kept while it comes, and is never whole in memory.
/// </summary>
internal sealed class FileUpload(FileStore files, ChatOptions options)
{
    private const int FormOverhead = 64 * 1024;
    private const int LongestField = 1_024;
    private const int MostSections = 10;

    private static readonly ApiError Required = ApiError.Validation("file", "required", "is required");
    private static readonly ApiError Broken = ApiError.Validation("file", "form", "must come as a whole multipart form");

    /// <summary>What came of a form.</summary>
    /// <param name="Bytes">The stored bytes; null when it is refused.</param>
    /// <param name="GivenName">The name that the client gave the file.</param>
    /// <param name="ChatId">The field <c>chat_id</c>, or null.</param>
    /// <param name="Refusal">Why it is refused; nothing is left then.</param>
    internal sealed record Form(StoredBytes? Bytes, string? GivenName, string? ChatId, ApiError? Refusal);

    public async Task<Form> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Boundary(request) is not { } boundary)
        {
            return Refuse(ApiError.UnsupportedMediaType);
        }
        if (request.ContentLength > options.MaxUploadBytes + FormOverhead)
        {
            return Refuse(ApiError.PayloadTooLarge);
        }
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = 2 * (options.MaxUploadBytes + FormOverhead);
        }
        var form = new Form(null, null, null, null);
        try
        {
            var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = options.MaxUploadBytes + FormOverhead };
            for (var i = 0; i < MostSections && form.Refusal is null; i++)
            {
                if (await reader.ReadNextSectionAsync(cancellationToken) is not { } section)
                {
                    break;
                }
                form = await ReadAsync(section, form, cancellationToken);
            }
            form = form is { Refusal: null, Bytes: null } ? form with { Refusal = Required } : form;
        }
        catch (InvalidDataException)
        {
            form = form with { Refusal = ApiError.PayloadTooLarge };
        }
        catch (IOException) when (!cancellationToken.IsCancellationRequested) // the form ends before its last boundary
        {
            form = form with { Refusal = Broken };
        }
        catch
        {
            await ForgetAsync(form);
            throw;
        }
        if (form.Refusal is not null)
        {
            await ForgetAsync(form);
        }
        return form;
    }

    /// <summary>Takes the stored bytes of a form away again.</summary>
    public Task ForgetAsync(Form form) =>
        form.Bytes is { } bytes ? files.DeleteAsync(files.NewRow(bytes, userId: "", givenName: null, chatId: null)) : Task.CompletedTask;

    private async Task<Form> ReadAsync(MultipartSection section, Form form, CancellationToken cancellationToken)
    {
        if (
            !ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
        )
        {
            return form with { Refusal = Broken };
        }
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value;
        if (name == "chat_id")
        {
            using var text = new StreamReader(section.Body);
            var buffer = new char[LongestField];
            var length = await text.ReadBlockAsync(buffer, cancellationToken);
            return form with { ChatId = new string(buffer, 0, length).Trim() is { Length: > 0 } id ? id : null };
        }
        if (name != "file" || form.Bytes is not null)
        {
            return form;
        }
        var (bytes, fault) = await files.SaveAsync(section.Body, section.ContentType, cancellationToken);
        return form with
        {
            Bytes = bytes,
            GivenName = NameOf(disposition),
            Refusal = fault switch
            {
                FileFault.None => null,
                FileFault.Empty => ApiError.Validation("file", "empty", "must not be empty: its minimum length is 1 byte"),
                FileFault.TooLarge => ApiError.PayloadTooLarge,
                _ => WrongType,
            },
        };
    }

    private static readonly ApiError WrongType = new(
        415,
        "unsupported_media_type",
        "Unsupported media type: JPEG, PNG, GIF, WebP, PDF or DOCX is expected, by its declared type and by its bytes"
    );

    private static string? NameOf(ContentDispositionHeaderValue disposition) =>
        disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : HeaderUtilities.RemoveQuotes(disposition.FileName).Value;

    private static string? Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 100 } boundary
            ? boundary
            : null;

    private static Form Refuse(ApiError error) => new(null, null, null, error);
}
