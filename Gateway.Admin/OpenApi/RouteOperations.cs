using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Admin.OpenApi;

/// <summary>
/// What ASP.NET cannot know of the routes under <c>/api/v1</c>: their rule, what they bind themselves, their envelopes and their errors.
/// </summary>
internal sealed partial class RouteOperations : IOpenApiOperationTransformer
{
    private static readonly Dictionary<string, string> Access = new()
    {
        ["signed-in"] = "Needs a signed-in user.",
        ["staff"] = "Needs the role support or admin.",
        ["admin"] = "Needs the role admin.",
        ["own-or-staff"] = "Needs the user's own token (`me` stands for the own id), or the role support or admin.",
        ["own-or-admin"] = "Needs the user's own token (`me` stands for the own id), or the role admin.",
    };

    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var (route, document) = (new DocumentedRoute(context.Description), context.Document!);
        operation.OperationId = route.Id;
        operation.Tags = new HashSet<OpenApiTagReference> { new(route.Tag, document) };
        operation.Parameters = [.. PathParameters(route), .. QueryParameters(route, document)];
        operation.RequestBody = BodyOf(route, document);
        operation.Responses ??= new OpenApiResponses();
        await PutIntoEnvelopesAsync(operation, route, context, cancellationToken);
        if (route.Find<RevalidatedMetadata>() is not null)
        {
            operation.Responses["304"] = new OpenApiResponse { Description = "The client has it already (If-None-Match)." };
        }
        ErrorAnswers.Add(operation, route, document);
        if (route.Find<IAuthorizeData>()?.Policy is { } policy)
        {
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(StartPage.Bearer, document)] = [] }];
            operation.Extensions = new Dictionary<string, IOpenApiExtension>
            {
                ["x-access"] = new JsonNodeExtension(JsonValue.Create(policy)!),
            };
            operation.Description = $"{operation.Description}\n\n{Access[policy]}";
        }
    }

    private static IEnumerable<IOpenApiParameter> PathParameters(DocumentedRoute route) =>
        Parameter()
            .Matches(route.Path)
            .Select(m => new OpenApiParameter
            {
                Name = m.Groups[1].Value,
                In = ParameterLocation.Path,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = ExampleIds.OfPath(route.Path, m.Groups[1].Value),
            });

    private static IEnumerable<IOpenApiParameter> QueryParameters(DocumentedRoute route, OpenApiDocument document)
    {
        if (route.Find<QueryMetadata>() is not { } query)
        {
            return [];
        }
        var own = query.Members.Select(member => new OpenApiParameter
        {
            Name = member.Name,
            In = ParameterLocation.Query,
            Required = member.IsRequired,
            Description = member.Description,
            Schema = RequestSchemas.Of(document, member),
            Example = member is { IsRequired: true } ? "2026-01-05" : null,
        });
        return
        [
            .. own,
            .. typeof(NumberedPageQuery).IsAssignableFrom(query.Type)
                ? [Number("page", "The page's number, from 1 on.")]
                : Array.Empty<OpenApiParameter>(),
            .. query.IsPaged
                ? [Number("limit", "How many rows at most."), Number("offset", "How many rows come before.")]
                : Array.Empty<OpenApiParameter>(),
        ];
    }

    private static OpenApiParameter Number(string name, string description) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = name == "page" ? "1" : "0" },
        };

    private static OpenApiRequestBody? BodyOf(DocumentedRoute route, OpenApiDocument document)
    {
        if (route.Find<FileFormMetadata>() is { } form)
        {
            return FormOf(form);
        }
        if (route.Find<BodyMetadata>() is not { } body)
        {
            return null;
        }
        var example = (ExampleAttribute?)Attribute.GetCustomAttribute(body.Type, typeof(ExampleAttribute), inherit: false);
        return new OpenApiRequestBody
        {
            Required = body.Members.Any(m => m.IsRequired) || route.Method is "PUT" or "PATCH",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [AnswerWriter.Json] = new()
                {
                    Schema = RequestSchemas.Reference(document, body.Type),
                    Example = example is null or { Json: "{}" } ? ExampleIds.NoMembers : JsonNode.Parse(example.Json),
                },
            },
        };
    }

    private static OpenApiRequestBody FormOf(FileFormMetadata form)
    {
        var fields = new Dictionary<string, IOpenApiSchema>
        {
            [form.Field] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = "binary",
                Description = form.Description,
            },
        };
        if (form.TextField is { } field)
        {
            fields[field.Name] = new OpenApiSchema { Type = JsonSchemaType.String, Description = field.Description };
        }
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["multipart/form-data"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { form.Field },
                        Properties = fields,
                    },
                    Encoding = new Dictionary<string, OpenApiEncoding> { [form.Field] = new() { ContentType = form.ContentTypes } },
                },
            },
        };
    }

    private static async Task PutIntoEnvelopesAsync(
        OpenApiOperation operation,
        DocumentedRoute route,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        foreach (var envelopes in route.All<EnvelopeMetadata>().GroupBy(e => e.Status))
        {
            var media = operation.Responses![$"{envelopes.Key}"].Content![AnswerWriter.Json];
            List<IOpenApiSchema> schemas = [];
            foreach (var envelope in envelopes)
            {
                var payload =
                    envelope.Payload == typeof(object) ? new OpenApiSchema { Type = JsonSchemaType.Null }
                    : envelopes.Count() == 1 ? media.Schema!
                    : await context.GetOrCreateSchemaAsync(envelope.Payload, null, cancellationToken);
                schemas.Add(EnvelopeOf(payload, envelope));
            }
            media.Schema = schemas is [var only] ? only : new OpenApiSchema { AnyOf = schemas };
        }
    }

    private static OpenApiSchema EnvelopeOf(IOpenApiSchema payload, EnvelopeMetadata envelope)
    {
        var members = new Dictionary<string, IOpenApiSchema>
        {
            ["success"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
            ["message"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["data"] = payload,
        };
        if (envelope.Alias is { } alias)
        {
            members[alias] = payload;
        }
        if (envelope.IsList)
        {
            foreach (var number in new[] { "total_count", "limit", "offset" })
            {
                members[number] = new OpenApiSchema { Type = JsonSchemaType.Integer };
            }
            members["has_more"] = new OpenApiSchema { Type = JsonSchemaType.Boolean };
        }
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = members.Keys.ToHashSet(),
            Properties = members,
        };
    }

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Parameter();
}
