using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Admin.OpenApi;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Hosting;

/// <summary>
/// Puts the calls of <c>/v1</c> into the document. Their bodies are those of the providers and go on as they are: only the members that
/// the gateway reads are named.
/// </summary>
internal sealed class TrafficDocument : IOpenApiDocumentTransformer
{
    private const string Json = "application/json";
    private const string Form = "multipart/form-data";
    private const string RequestId = "0198f2c1-7d3a-7c55-b0a4-6f2d1c9e8b70";
    private const string Owner = "It belongs to the user who made it: to anybody else it does not exist.";
    private const string Ownership = "It belongs to the user whose call made it: to anybody else it does not exist.";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var api in ApiTable.All)
        {
            Add(document, HttpMethod.Post, api.Path, Call(document, api));
        }
        Read(document, "/models", "List the models that the key may call", "In OpenAI's shape; with `anthropic-version` in Anthropic's.");
        Read(document, "/models/{model}", "Show a model", "404 when it does not exist or the key may not call it.", example: "gpt-4o-mini");
        Read(
            document,
            "/key",
            "Show the key, its limits and what is left of them",
            "Who calls, which models the key may use, what it spent, and every limit that applies with what remains and when it resets."
        );
        const string Stored = "/responses/{response}";
        Read(document, Stored, "Show a stored response", Ownership);
        Read(document, Stored, "Delete a stored response", Ownership, HttpMethod.Delete);
        Read(document, Stored + "/cancel", "Cancel a stored response", Ownership, HttpMethod.Post);
        Read(document, Stored + "/input_items", "List what went into a stored response", Ownership);
        AddConversations(document);
        AddFilesAndBatches(document);
        AddRealtime(document);
        return Task.CompletedTask;
    }

    private static void AddRealtime(OpenApiDocument document)
    {
        var session = Read(
            document,
            ApiTable.Realtime.Path,
            ApiTable.Realtime.Summary,
            "A WebSocket: an upgrade over HTTP/1.1, then OpenAI's events as they come. Each response is charged as a call of its own. With "
                + "a budget or a prepaid balance it is held first, and the provider begins none by itself. Browsers send the key as the "
                + "subprotocol `openai-insecure-api-key.<key>`. "
                + $"Also served at {OtherPaths(ApiTable.Realtime)}."
        );
        session.Parameters =
        [
            new OpenApiParameter
            {
                Name = "model",
                In = ParameterLocation.Query,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = "gpt-realtime",
            },
        ];
        session.Responses!.Remove("200");
        session.Responses["101"] = new OpenApiResponse { Description = "The session is open." };
        AddErrors(
            session,
            OpenAiErrors.Form,
            (400, "The model is not named, has no sessions, or no bound for a caller with a budget."),
            (404, "The model does not exist."),
            (426, "The request asks for no upgrade."),
            (429, "A limit is reached: `error.gateway` says whose, what is left and when it resets."),
            (502, "The upstream failed."),
            (503, "The gateway cannot take calls at the moment; see Retry-After.")
        );
    }

    private static void AddFilesAndBatches(OpenApiDocument document)
    {
        const string Files = "/files";
        const string File = Files + "/{file}";
        const string Kept = "Kept by an upstream that has files: OpenAI or a compatible server. " + Owner;
        var upload = Read(document, Files, "Upload a file", "A form, sent on as it comes. " + Kept, HttpMethod.Post);
        upload.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Form] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { "file", "purpose" },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["purpose"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "`batch`, `user_data`, ..." },
                            ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                        },
                    },
                    Example = new JsonObject { ["purpose"] = "user_data", ["file"] = "notes.txt" },
                },
            },
        };
        Read(document, Files, "List your files", "Those of the key's user alone, as their upstream showed them last.");
        Read(document, File, "Show a file", Kept);
        Read(document, File, "Delete a file", Kept, HttpMethod.Delete);
        Read(document, File + "/content", "Read the content of a file", Kept);
        const string Batch = "/batches/{batch}";
        Add(document, HttpMethod.Post, ApiTable.Batches.Path, Call(document, ApiTable.Batches));
        Read(document, ApiTable.Batches.Path, "List your batches", "Those of the key's user alone, as their upstream showed them last.");
        Read(document, Batch, "Show a batch", Ownership);
        Read(document, Batch + "/cancel", "Cancel a batch", Ownership, HttpMethod.Post);
    }

    private static void AddConversations(OpenApiDocument document)
    {
        const string All = "/conversations";
        const string One = All + "/{conversation}";
        const string Items = One + "/items";
        const string Kept = "Kept by an upstream that has conversations: OpenAI or a compatible server. " + Owner;
        Read(document, All, "Make a conversation", Kept, HttpMethod.Post);
        Read(document, One, "Show a conversation", Kept);
        Read(document, One, "Change a conversation's metadata", Kept, HttpMethod.Post);
        Read(document, One, "Delete a conversation", Kept, HttpMethod.Delete);
        Read(document, Items, "List the items of a conversation", Kept);
        Read(document, Items, "Add items to a conversation", Kept, HttpMethod.Post);
        Read(document, Items + "/{item}", "Show an item of a conversation", Kept);
        Read(document, Items + "/{item}", "Delete an item of a conversation", Kept, HttpMethod.Delete);
    }

    private static OpenApiOperation Call(OpenApiDocument document, CallApi api)
    {
        var operation = Operation(document, HttpMethod.Post, api.Path, api.Errors, api.Summary, Description(api));
        operation.Parameters =
        [
            Header(LabelReader.EndUserHeader, "For whom the call is made: the ledger keeps it, and usage and budgets can be of it."),
            Header(LabelReader.TagsHeader, "Tags of the call, separated by commas: the ledger keeps them, and usage can be split by them."),
        ];
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [IsForm(api) ? Form : Json] = new() { Schema = Body(api), Example = JsonNode.Parse(api.Example) },
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
            api.Errors,
            (400, "The request is wrong, or asks for a model that does not exist."),
            (429, "A limit is reached: `error.gateway` says whose, what is left and when it resets."),
            (502, "The upstream failed."),
            (503, "The gateway cannot take calls at the moment; see Retry-After.")
        );
        return operation;
    }

    private static OpenApiParameter Header(string name, string description) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };

    private static bool CanStream(CallApi api) => api is IBodyForm { HasAnswerTokens: true };

    private static bool IsForm(CallApi api) => api is IBodyForm { TakesForm: true };

    private static string Description(CallApi api) =>
        (
            api.IsFree
                ? "The call is forwarded as it is. It costs nothing, and counts as a request. "
                : "The call is forwarded as it is, metered as its answer passes, and charged once. "
        )
        + $"Also served at {OtherPaths(api)}."
        + (CanStream(api) ? " With `\"stream\":true` the answer is a stream of events." : "")
        + "\n\nNeeds an API key.";

    private static OpenApiSchema Texts(params string[] names) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = names.ToHashSet(),
            Properties = names.ToDictionary(name => name, IOpenApiSchema (_) => new OpenApiSchema { Type = JsonSchemaType.String }),
        };

    private static string OtherPaths(CallApi api) =>
        string.Join(" and ", api.Routes.Select(r => r.Path).Where(p => p != "/v1" + api.Path && !p.Contains('{')).Select(p => $"`{p}`"));

    private static OpenApiSchema Body(CallApi api)
    {
        if (api == ApiTable.Batches)
        {
            return Texts("input_file_id", "endpoint", "completion_window");
        }
        var members = new Dictionary<string, IOpenApiSchema>
        {
            ["model"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A model's name or alias." },
        };
        if (IsForm(api))
        {
            members[api.Path.Contains("/images/", StringComparison.Ordinal) ? "image" : "file"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = "binary",
            };
        }
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

    // What is no call: free, and answered by the gateway itself or by the upstream's store.
    private static OpenApiOperation Read(
        OpenApiDocument document,
        string path,
        string summary,
        string description,
        HttpMethod? method = null,
        string? example = null
    )
    {
        method ??= HttpMethod.Get;
        var operation = Operation(document, method, path, OpenAiErrors.Form, summary, description + "\n\nNeeds an API key.");
        if (path.Contains('{', StringComparison.Ordinal))
        {
            operation.Parameters = [.. path.Split('/').Where(part => part.StartsWith('{')).Select(part => Parameter(part[1..^1], example))];
            AddErrors(operation, OpenAiErrors.Form, (404, "It does not exist, or is not for this key."));
        }
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "The answer.",
            Content = new Dictionary<string, OpenApiMediaType> { [Json] = Any() },
        };
        Add(document, method, path, operation);
        return operation;
    }

    private static OpenApiParameter Parameter(string name, string? example) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = example,
        };

    private static void Add(OpenApiDocument document, HttpMethod method, string path, OpenApiOperation operation)
    {
        if (!document.Paths.TryGetValue("/v1" + path, out var item))
        {
            document.Paths["/v1" + path] = item = new OpenApiPathItem { Operations = [] };
        }
        item.Operations!.Add(method, operation);
    }

    private static OpenApiOperation Operation(
        OpenApiDocument document,
        HttpMethod method,
        string path,
        IErrorForm errors,
        string summary,
        string description
    )
    {
        var words = path.Split('/', '_', '{', '}')
            .Where(word => word.Length > 0)
            .Select(word => char.ToUpperInvariant(word[0]) + word[1..]);
        var operation = new OpenApiOperation
        {
            OperationId = $"{method.Method.ToLowerInvariant()}V1{string.Concat(words)}",
            Summary = summary,
            Description = description,
            Tags = new HashSet<OpenApiTagReference> { new("v1", document) },
            Security = [new() { [new OpenApiSecuritySchemeReference(DocumentServices.ApiKeyScheme, document)] = [] }],
            Responses = new OpenApiResponses(),
        };
        AddErrors(operation, errors, (401, "There is no valid API key."), (403, "The key may not do this."));
        return operation;
    }

    // As the clients of the API read them.
    private static void AddErrors(OpenApiOperation operation, IErrorForm form, params (int Status, string Text)[] errors)
    {
        foreach (var (status, text) in errors)
        {
            var error = new OpenAiError(text, "invalid_request_error", Param: null, Code: null);
            operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = text,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new()
                    {
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                        Example = JsonNode.Parse(form.Serialize(status, error, RequestId).Span),
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
