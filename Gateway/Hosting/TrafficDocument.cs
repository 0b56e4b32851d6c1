using System.Text.Json.Nodes;
using Gateway.Admin.OpenApi;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Hosting;

/// <summary>
/// Puts the calls of <c>/v1</c> into the document. Their bodies are OpenAI's and go on as they are: only the members that the gateway reads
/// are named.
/// </summary>
internal sealed class TrafficDocument : IOpenApiDocumentTransformer
{
    private const string Json = "application/json";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var api in ApiTable.All)
        {
            document.Paths["/v1" + api.Path] = new OpenApiPathItem { Operations = new() { [HttpMethod.Post] = Call(document, api) } };
        }
        Read(document, "/v1/models", "List the models that the key may call", "In the shape of OpenAI's list.");
        Read(document, "/v1/models/{model}", "Show a model", "404 when it does not exist or the key may not call it.", "model");
        Read(
            document,
            "/v1/key",
            "Show the key, its limits and what is left of them",
            "Who calls, which models the key may use, what it spent, and every limit that applies with what remains and when it resets."
        );
        return Task.CompletedTask;
    }

    private static OpenApiOperation Call(OpenApiDocument document, CallApi api)
    {
        var operation = Operation(document, "post", api.Path, api.Summary, Description(api));
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new() { Schema = Body(api), Example = api.Example is { } example ? JsonNode.Parse(example) : null },
            },
        };
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "The upstream's answer, as it came.",
            Content = CanStream(api)
                ? new Dictionary<string, OpenApiMediaType> { [Json] = Any(), ["text/event-stream"] = Any() }
                : new Dictionary<string, OpenApiMediaType> { [Json] = Any() },
        };
        AddErrors(
            operation,
            ("400", "The request is wrong, or asks for a model that does not exist."),
            ("429", "A limit is reached: `error.gateway` says whose, what is left and when it resets."),
            ("502", "The upstream failed."),
            ("503", "The gateway cannot take calls at the moment; see Retry-After.")
        );
        return operation;
    }

    private static bool CanStream(CallApi api) => api is IBodyForm { HasAnswerTokens: true };

    private static string Description(CallApi api) =>
        "The call is forwarded as it is, metered as its answer passes, and charged once. "
        + $"Also served as `{api.Path}` and `/openai/v1{api.Path}`."
        + (CanStream(api) ? " With `\"stream\":true` the answer is a stream of events." : "")
        + "\n\nNeeds an API key.";

    private static OpenApiSchema Body(CallApi api)
    {
        var members = new Dictionary<string, IOpenApiSchema>
        {
            ["model"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A model's name or alias." },
        };
        if (CanStream(api))
        {
            members["stream"] = new OpenApiSchema { Type = JsonSchemaType.Boolean };
        }
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "model" },
            Properties = members,
            AdditionalProperties = new OpenApiSchema { Description = "Every other member of the API goes on to the upstream." },
        };
    }

    private static void Read(OpenApiDocument document, string path, string summary, string description, string? parameter = null)
    {
        var operation = Operation(document, "get", path["/v1".Length..], summary, description + "\n\nNeeds an API key.");
        if (parameter is not null)
        {
            operation.Parameters =
            [
                new OpenApiParameter
                {
                    Name = parameter,
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    Example = "gpt-4o-mini",
                },
            ];
            AddErrors(operation, ("404", "It does not exist, or the key may not call it."));
        }
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "The answer.",
            Content = new Dictionary<string, OpenApiMediaType> { [Json] = Any() },
        };
        document.Paths[path] = new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = operation } };
    }

    private static OpenApiOperation Operation(OpenApiDocument document, string method, string path, string summary, string description)
    {
        var words = path.Split('/', '_', '{', '}')
            .Where(word => word.Length > 0)
            .Select(word => char.ToUpperInvariant(word[0]) + word[1..]);
        var operation = new OpenApiOperation
        {
            OperationId = $"{method}V1{string.Concat(words)}",
            Summary = summary,
            Description = description,
            Tags = new HashSet<OpenApiTagReference> { new("v1", document) },
            Security = [new() { [new OpenApiSecuritySchemeReference(DocumentServices.ApiKeyScheme, document)] = [] }],
            Responses = new OpenApiResponses(),
        };
        AddErrors(operation, ("401", "There is no valid API key."), ("403", "The key may not do this."));
        return operation;
    }

    // As OpenAI's clients read them.
    private static void AddErrors(OpenApiOperation operation, params (string Status, string Text)[] errors)
    {
        foreach (var (status, text) in errors)
        {
            operation.Responses![status] = new OpenApiResponse
            {
                Description = text,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new()
                    {
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                        Example = new JsonObject
                        {
                            ["error"] = new JsonObject
                            {
                                ["message"] = text,
                                ["type"] = "invalid_request_error",
                                ["param"] = null,
                                ["code"] = null,
                            },
                        },
                    },
                },
            };
        }
    }

    private static OpenApiMediaType Any() =>
        new()
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
            Example = new JsonObject { ["object"] = "..." },
        };
}
