using System.Text.Json;

namespace Gateway.Bodies;

/// <summary>The files that a body names by the ids that their upstream gave them, wherever they stand in it.</summary>
internal static class FileIds
{
    /// <summary>Finds them.</summary>
    /// <param name="json">The body.</param>
    /// <param name="maxDepth">How deep it may be nested.</param>
    /// <param name="ids">Where they are added.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static void Find(ReadOnlySpan<byte> json, int maxDepth, ISet<string> ids)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }
            var isList = reader.ValueTextEquals("file_ids"u8);
            if (!isList && !reader.ValueTextEquals("file_id"u8))
            {
                continue;
            }
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                ids.Add(reader.GetString()!);
            }
            while (isList && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject) && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String)
                {
                    ids.Add(reader.GetString()!);
                }
            }
        }
    }
}
