using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;
using Microsoft.OpenApi;

namespace Gateway.Admin.OpenApi;

/// <summary>Schemas of what clients send, from the wire records that bind it.</summary>
internal static class RequestSchemas
{
    /// <summary>A reference to the schema of a wire record, which is put into the document the first time.</summary>
    public static IOpenApiSchema Reference(OpenApiDocument document, Type record)
    {
        if (document.Components?.Schemas?.ContainsKey(record.Name) != true)
        {
            document.AddComponent(record.Name, Of(document, WireType.Of(record)));
        }
        return new OpenApiSchemaReference(record.Name, document);
    }

    /// <summary>The schema of a member of a body, or of a parameter of a query.</summary>
    public static IOpenApiSchema Of(OpenApiDocument document, WireMember member)
    {
        if (typeof(IWireObject).IsAssignableFrom(member.Type))
        {
            return Reference(document, member.Type);
        }
        var schema = Simple(member.Type);
        schema.Description = member.Description;
        foreach (var rule in member.Rules)
        {
            Apply(rule, schema, member);
        }
        if (member.IsNullable && schema.Type is { } type)
        {
            schema.Type = type | JsonSchemaType.Null;
        }
        return schema;
    }

    private static OpenApiSchema Of(OpenApiDocument document, WireType type)
    {
        var required = type.Members.Where(m => m.IsRequired).Select(m => m.Name).ToHashSet();
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = type.Members.ToDictionary(m => m.Name, m => Of(document, m)),
            Required = required.Count > 0 ? required : null,
            AdditionalProperties = type.TakesOthers ? new OpenApiSchema() : null,
        };
    }

    private static OpenApiSchema Simple(Type type) =>
        type == typeof(string) ? new() { Type = JsonSchemaType.String }
        : type == typeof(bool) ? new() { Type = JsonSchemaType.Boolean }
        : type == typeof(long) ? new() { Type = JsonSchemaType.Integer, Format = "int64" }
        : type == typeof(decimal) || type == typeof(Money) || type == typeof(Rate) ? new() { Type = JsonSchemaType.Number }
        : type == typeof(DateTime) ? new() { Type = JsonSchemaType.String, Format = "date-time" }
        : type == typeof(DateOnly) ? new() { Type = JsonSchemaType.String, Format = "date" }
        : type == typeof(List<string>)
            ? new()
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
            }
        : type == typeof(IReadOnlyDictionary<RateKey, Rate?>)
            ? new()
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.Null },
            }
        : type == typeof(JsonObject) ? new() { Type = JsonSchemaType.Object }
        : new();

    private static void Apply(ValidationAttribute rule, OpenApiSchema schema, WireMember member)
    {
        switch (rule)
        {
            case StringLengthAttribute length:
                schema.MinLength = length.MinimumLength > 0 ? length.MinimumLength : null;
                schema.MaxLength = length.MaximumLength < int.MaxValue ? length.MaximumLength : null;
                break;
            case RegularExpressionAttribute form:
                schema.Pattern = $"^{form.Pattern}$";
                break;
            case DataTypeAttribute { DataType: DataType.Password }:
                schema.Format = "password";
                break;
            case EmailAttribute:
                schema.Format = "email";
                break;
            case OneOfAttribute oneOf when member.IsNullable:
                schema.Description = $"{member.Description} One of {string.Join(", ", oneOf.Words)}.".Trim();
                break;
            case OneOfAttribute oneOf:
                schema.Enum = [.. oneOf.Words.Select(word => JsonValue.Create(word)!)];
                break;
            case WholeAttribute whole:
                schema.Minimum = Text(whole.Minimum);
                schema.Maximum = whole.Maximum < long.MaxValue ? Text(whole.Maximum) : null;
                break;
            case NumberAttribute number:
                (schema.Minimum, schema.Maximum) = (Text(number.Minimum), Text(number.Maximum));
                break;
            case AmountAttribute amount:
                (schema.Minimum, schema.Maximum) = (Text(amount.Minimum), Text(amount.Maximum));
                break;
            case PriceAttribute when schema.Type == JsonSchemaType.Number:
                (schema.Minimum, schema.Maximum) = ("0", "1000000");
                break;
            case NamesAttribute names:
                schema.MinItems = names.MinimumCount > 0 ? names.MinimumCount : null;
                schema.MaxItems = names.MaximumCount;
                ((OpenApiSchema)schema.Items!).MaxLength = names.MaximumLength;
                break;
        }
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
