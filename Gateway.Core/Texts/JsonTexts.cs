using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Core.Texts;

/// <summary>
/// Whether the texts of a JSON body are texts. .NET's parser takes bytes that are no UTF-8 and escapes of half a surrogate pair as they
/// come, in values and in names, and throws when one is read: this asks once, for all of them.
/// </summary>
public static class JsonTexts
{
    /// <summary>True when every name and value of a well-formed body can be read as text.</summary>
    /// <param name="body">The body; the parser has taken it.</param>
    /// <param name="maximumDepth">Levels.</param>
    public static bool AreWhole(ReadOnlySpan<byte> body, int maximumDepth)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = maximumDepth });
        while (json.Read())
        {
            if (json.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && !IsWhole(ref json))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsWhole(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return Utf8.IsValid(json.ValueSpan);
        }
        var buffer = ArrayPool<byte>.Shared.Rent(json.ValueSpan.Length);
        try
        {
            json.CopyString(buffer);
            return true;
        }
        catch (InvalidOperationException) // the only way in which the reader tells
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
