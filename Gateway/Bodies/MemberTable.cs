using System.Text;
using System.Text.Json;

namespace Gateway.Bodies;

/// <summary>Names of JSON members and what they mean, found without a string: by length, then by bytes. Immutable.</summary>
internal sealed class MemberTable<TMember>
    where TMember : struct
{
    private const int LongestEscapedName = 1_024;
    private readonly Entry[][] _byLength;

    public MemberTable(params IEnumerable<(string Name, TMember Member)> members)
    {
        var entries = members.Select(m => new Entry(Encoding.UTF8.GetBytes(m.Name), m.Name, m.Member)).ToLookup(e => e.Utf8.Length);
        _byLength = [.. Enumerable.Range(0, entries.Max(e => e.Key) + 1).Select(length => entries[length].ToArray())];
    }

    /// <summary>
    /// What the name or string at the reader means, compared after unescaping; the default value, and no name, when it is none of the
    /// table.
    /// </summary>
    public TMember Find(in Utf8JsonReader reader, out string? name)
    {
        if (!reader.ValueIsEscaped)
        {
            return Find(reader.ValueSpan, out name);
        }
        if (reader.ValueSpan.Length > LongestEscapedName)
        {
            name = null;
            return default;
        }
        Span<byte> unescaped = stackalloc byte[LongestEscapedName];
        return Find(unescaped[..reader.CopyString(unescaped)], out name);
    }

    /// <inheritdoc cref="Find(in Utf8JsonReader, out string)"/>
    public TMember Find(in Utf8JsonReader reader) => Find(reader, out _);

    /// <summary>What the name means.</summary>
    public TMember Find(string name) => Find(Encoding.UTF8.GetBytes(name), out _);

    private TMember Find(ReadOnlySpan<byte> utf8, out string? name)
    {
        if (utf8.Length < _byLength.Length)
        {
            foreach (var entry in _byLength[utf8.Length])
            {
                if (utf8.SequenceEqual(entry.Utf8))
                {
                    name = entry.Name;
                    return entry.Member;
                }
            }
        }
        name = null;
        return default;
    }

    private readonly record struct Entry(byte[] Utf8, string Name, TMember Member);
}
