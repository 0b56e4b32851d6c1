using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.Calls;

namespace Gateway.Bodies;

/// <summary>
/// The texts of a form as the JSON that another client would send: so that every rule of a body holds for both.
/// </summary>
internal static class FormJson
{
    private const int LongestText = 1024 * 1024;

    /// <summary>Writes it; null with the refusal to give.</summary>
    public static ReadOnlyMemory<byte>? Write(
        ReadOnlySpan<byte> body,
        List<FormPart> parts,
        MemberTable<BodyMember> members,
        out Refusal? refusal
    )
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach (var part in parts.Where(p => p is { IsFile: false, IsList: false }))
        {
            if (!TryTextOf(body, part, out var text))
            {
                refusal = Refusals.InvalidForm($"the text of '{part.Name}' is no UTF-8, or longer than {LongestText} bytes");
                return null;
            }
            json.WritePropertyName(part.Name);
            if (IsNumberOrSwitch(members.Find(part.Name), text))
            {
                json.WriteRawValue(text);
            }
            else
            {
                json.WriteStringValue(text);
            }
        }
        foreach (var list in parts.Where(p => p is { IsFile: false, IsList: true }).Select(p => p.Name).Distinct())
        {
            json.WriteStartArray(list);
            foreach (var part in parts.Where(p => p is { IsFile: false, IsList: true } && p.Name == list))
            {
                if (!TryTextOf(body, part, out var text))
                {
                    refusal = Refusals.InvalidForm($"the text of '{part.Name}' is no UTF-8, or longer than {LongestText} bytes");
                    return null;
                }
                json.WriteStringValue(text);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.Flush();
        refusal = null;
        return buffer.WrittenMemory;
    }

    private static bool TryTextOf(ReadOnlySpan<byte> body, FormPart part, out ReadOnlySpan<byte> text)
    {
        text = body.Slice(part.Content.Offset, part.Content.Length);
        return text.Length <= LongestText && Utf8.IsValid(text);
    }

    // A form has only texts. Those of members that must be a number or true or false are read as such.
    private static bool IsNumberOrSwitch(BodyMember member, ReadOnlySpan<byte> text) =>
        member switch
        {
            BodyMember.Stream => text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8),
            BodyMember.N or BodyMember.OneOnly => !text.IsEmpty
                && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
                && (text.Length == 1 || text[0] != (byte)'0'),
            _ => false,
        };
}
