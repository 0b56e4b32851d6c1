using System.Reflection;
using System.Security.Cryptography;
using Gateway.Admin.Conventions;
using Gateway.Admin.Transport;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Replies;

/// <summary>
/// An answer of a public list: clients keep it but ask each time whether it still holds, and are told 304 when it does. No maximum age,
/// because a client reads such a list again right after an admin's change.
/// </summary>
internal sealed class Revalidated<T>(T answer) : IResult, IEndpointMetadataProvider
    where T : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        T.PopulateMetadata(method, builder);
        builder.Metadata.Add(RevalidatedMetadata.Instance);
    }

    public async Task ExecuteAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        var client = response.Body;
        using var body = new MemoryStream();
        response.Body = body;
        try
        {
            await answer.ExecuteAsync(http);
        }
        finally
        {
            response.Body = client;
        }
        if (response.StatusCode == StatusCodes.Status200OK)
        {
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body.GetBuffer().AsSpan(0, (int)body.Length))[..16])}\"";
            response.Headers.CacheControl = "public, no-cache";
            response.Headers.ETag = tag;
            if (IsKnown(request.Headers.IfNoneMatch, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                response.ContentLength = null;
                response.ContentType = null;
                return;
            }
            if (http.Features.Get<DeferredCount>()?.Take() is { } wait)
            {
                response.Headers.ETag = default;
                HttpLimits.SetRetryAfter(http, wait);
                await ApiError.TooManyRequests.ExecuteAsync(http);
                return;
            }
        }
        body.Position = 0;
        await body.CopyToAsync(client, http.RequestAborted);
    }

    private static bool IsKnown(IReadOnlyList<string?> tags, string tag) =>
        tags.SelectMany(t => (t ?? "").Split(',', StringSplitOptions.TrimEntries)).Any(t => t == "*" || t == tag || t == "W/" + tag);
}
