using System.Text.Json;

namespace Gateway.Sandbox.Inference;

/// <summary>A function that the caller offers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">The schema of its arguments; undefined: none was sent.</param>
internal readonly record struct OfferedTool(string Name, JsonElement Parameters)
{
    /// <summary>Whether the arguments that the recordings show, a city and a unit, are arguments of this function.</summary>
    public bool TakesRecordedArguments
    {
        get
        {
            if (
                Parameters.ValueKind != JsonValueKind.Object
                || !Parameters.TryGetProperty("properties", out var properties)
                || properties.ValueKind != JsonValueKind.Object
            )
            {
                return true;
            }
            var isClosed =
                Parameters.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.False;
            return IsFreeText(properties, "city", mustBe: true)
                && IsFreeText(properties, "unit", mustBe: isClosed)
                && (
                    !Parameters.TryGetProperty("required", out var required)
                    || required.ValueKind != JsonValueKind.Array
                    || required.EnumerateArray().All(r => r.ValueKind == JsonValueKind.String && r.GetString() is "city" or "unit")
                );
        }
    }

    private static bool IsFreeText(JsonElement properties, string name, bool mustBe) =>
        properties.TryGetProperty(name, out var schema)
            ? schema.ValueKind == JsonValueKind.Object
                && schema
                    .EnumerateObject()
                    .All(k =>
                        k.Name is "description" or "title"
                        || (k.Name == "type" && k.Value.ValueKind == JsonValueKind.String && k.Value.GetString() == "string")
                    )
            : !mustBe;
}
