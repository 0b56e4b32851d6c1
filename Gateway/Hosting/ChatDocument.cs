using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Chats;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Hosting;

/// <summary>
/// Puts into the document what messages of chats are made of: traffic reads them itself, with the room that it has for bodies.
/// </summary>
internal sealed class ChatDocument : IOpenApiDocumentTransformer
{
    private const string Json = "application/json";
    private const string Base = "/api/v1";
    private const string Message = "Message";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.AddComponent(Message, Body());
        foreach (var path in new[] { "/llm/chat/{chat_id}/message", "/llm/chat/{chat_id}/message/stream" })
        {
            Operation(document, path, HttpMethod.Post).RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new()
                    {
                        Schema = new OpenApiSchemaReference(Message, document),
                        Example = new JsonObject { ["content"] = "Hello" },
                    },
                },
            };
        }
        var stream = Operation(document, "/stream/chat/{session_id}", HttpMethod.Get);
        stream.Parameters!.Add(
            new OpenApiParameter
            {
                Name = "message",
                In = ParameterLocation.Query,
                Required = true,
                Schema = Text(ChatWishReader.LongestQueryMessage),
                Example = "Hello",
            }
        );
        foreach (var (name, schema) in Wishes())
        {
            stream.Parameters.Add(
                new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Query,
                    Schema = schema,
                }
            );
        }
        return Task.CompletedTask;
    }

    private static OpenApiOperation Operation(OpenApiDocument document, string path, HttpMethod method) =>
        document.Paths[Base + path].Operations![method];

    private static OpenApiSchema Body()
    {
        var members = new Dictionary<string, IOpenApiSchema>
        {
            ["content"] = Text(ChatWishReader.LongestContent),
            ["attachments"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                MaxItems = ChatWishReader.MostAttachments,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description =
                        "A stored file by its `file_id`; or `name` and `size`, and for an image `preview` with its bytes as a data URL.",
                },
            },
        };
        foreach (var (name, schema) in Wishes())
        {
            schema.Type |= JsonSchemaType.Null;
            members[name] = schema;
        }
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "content" },
            Properties = members,
        };
    }

    private static IEnumerable<(string Name, OpenApiSchema Schema)> Wishes()
    {
        var model = Text(ChatWishReader.LongestModel);
        model.Description = "The chat's model when it is not sent.";
        yield return ("model", model);
        yield return (
            "temperature",
            new OpenApiSchema
            {
                Type = JsonSchemaType.Number,
                Minimum = "0",
                Maximum = ChatWishReader.HighestTemperature.ToString(CultureInfo.InvariantCulture),
            }
        );
        yield return (
            "max_tokens",
            new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = ChatWishReader.MostTokens.ToString(CultureInfo.InvariantCulture),
            }
        );
    }

    private static OpenApiSchema Text(int longest) => new() { Type = JsonSchemaType.String, MaxLength = longest };
}
