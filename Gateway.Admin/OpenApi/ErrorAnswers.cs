using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace Gateway.Admin.OpenApi;

/// <summary>The errors of routes: which statuses a route can answer, and an example of each.</summary>
internal static class ErrorAnswers
{
    public const string Schema = "Error";

    private const string RequestId = "0198f2c1-7d3a-7c55-b0a4-6f2d1c9e8b70";

    private static readonly (int Status, string Text, ApiError Example)[] All =
    [
        (400, "The request is wrong; details names the members.", ApiError.Validation("email", "email", "must be a valid email address")),
        (401, "There is no valid token.", ApiError.TokenInvalid),
        (402, "The balance is too low.", ApiError.InsufficientBalance),
        (403, "This caller may not do this.", ApiError.Forbidden),
        (404, "It does not exist.", ApiError.NotFound("Not found")),
        (409, "It contradicts what is stored.", ApiError.Conflict("It contradicts what is stored")),
        (413, "The body is too large.", ApiError.PayloadTooLarge),
        (415, "The body has another type.", ApiError.UnsupportedMediaType),
        (429, "There were too many requests; Retry-After says how many seconds to wait.", ApiError.TooManyRequests),
        (500, "The gateway failed; its log has the request id.", ApiError.Internal),
        (502, "LiteLLM or another source failed.", ApiError.Upstream),
        (
            503,
            "The database is unavailable (see Retry-After), or LiteLLM or another source is not configured.",
            ApiError.DatabaseUnavailable
        ),
        (504, "LiteLLM or another source did not answer in time.", ApiError.UpstreamTimeout),
    ];

    /// <summary>Puts an answer for each status into the document, for operations to refer to.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        foreach (var (status, text, example) in All)
        {
            document.AddComponent(
                NameOf(status),
                new OpenApiResponse
                {
                    Description = text,
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [AnswerWriter.Json] = new()
                        {
                            Schema = new OpenApiSchemaReference(Schema, document),
                            Example = JsonSerializer.SerializeToNode(ErrorResponse.Of(example, RequestId), ApiJson.Options),
                        },
                    },
                }
            );
        }
    }

    /// <summary>Adds its errors to an operation: those that follow from what it is, and its own.</summary>
    public static void Add(OpenApiOperation operation, DocumentedRoute route, OpenApiDocument document)
    {
        var answers = operation.Responses!;
        foreach (var (status, _, _) in All.Where(e => answers.ContainsKey(Text(e.Status)) || Follows(e.Status, route)))
        {
            answers[Text(status)] = Reference(status, document);
        }
    }

    public static IOpenApiResponse Reference(int status, OpenApiDocument document) =>
        new OpenApiResponseReference(NameOf(status), document);

    private static bool Follows(int status, DocumentedRoute route) =>
        status switch
        {
            400 or 429 or 500 or 503 => true,
            401 or 403 => route.Find<IAuthorizeData>() is not null,
            404 => route.Path.Contains('{')
                || route.Path.Contains("/users/", StringComparison.Ordinal)
                || route.Path is "/me" or "/auth/me",
            409 => !HttpMethods.IsGet(route.Method),
            413 or 415 => route.Find<BodyMetadata>() is not null || route.Find<FileFormMetadata>() is not null,
            502 or 504 => route.Path.Contains("/litellm", StringComparison.Ordinal),
            _ => false,
        };

    private static string NameOf(int status) => $"Error{Text(status)}";

    private static string Text(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
