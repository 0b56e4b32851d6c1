using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Admin.OpenApi;

/// <summary>Answers have every member of their record, always.</summary>
internal sealed class AnswerSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (IsOurs(context.JsonTypeInfo.Type) && schema.Properties is { Count: > 0 } members)
        {
            schema.Required = members.Keys.ToHashSet();
        }
        // What writes moments is a converter of ours, so that the generator knows their form and not that they are texts.
        var declared = context.JsonPropertyInfo?.PropertyType ?? context.JsonTypeInfo.Type;
        if (declared == typeof(DateTime))
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (declared == typeof(DateTime?))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        }
        return Task.CompletedTask;
    }

    /// <summary>The name of a record in the document.</summary>
    public static string? NameOf(System.Text.Json.Serialization.Metadata.JsonTypeInfo type) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } name ? null
        : name.EndsWith("Response", StringComparison.Ordinal) ? name[..^"Response".Length]
        : name.EndsWith("Shape", StringComparison.Ordinal) ? name[..^"Shape".Length]
        : name;

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("Gateway", StringComparison.Ordinal) == true;
}
