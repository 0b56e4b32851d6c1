using System.Text.Json.Nodes;

namespace Gateway.Admin.OpenApi;

/// <summary>Reads the rows of <see cref="RequestMembers"/>.</summary>
internal static class MemberTable
{
    public static IEnumerable<(string Name, char Type, bool IsRequired)> Read(string members) =>
        members.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(m => (m.Split(':')[0], m.Split(':')[1][0], m.EndsWith('!')));

    public static JsonObject Schema(string members, bool partial)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var (name, type, isRequired) in Read(members))
        {
            if (name == "*")
            {
                return new JsonObject { ["type"] = "object", ["additionalProperties"] = TypeSchema(type) };
            }
            properties[name] = TypeSchema(type);
            if (isRequired)
            {
                required.Add(name);
            }
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }
        if (partial)
        {
            schema["minProperties"] = 1;
        }
        return schema;
    }

    public static JsonObject TypeSchema(char type) =>
        type switch
        {
            's' => new JsonObject { ["type"] = "string" },
            'e' => new JsonObject { ["type"] = "string", ["format"] = "email" },
            'p' => new JsonObject { ["type"] = "string", ["format"] = "password" },
            't' => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            'i' => new JsonObject { ["type"] = "integer" },
            'n' => new JsonObject { ["type"] = "number" },
            'b' => new JsonObject { ["type"] = "boolean" },
            'l' => new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string" },
            },
            'o' => new JsonObject { ["type"] = "object" },
            _ => [],
        };
}
