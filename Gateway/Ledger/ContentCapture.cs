using System.Text;

namespace Gateway.Ledger;

/// <summary>Copies what goes to a client, up to a limit. One thread at a time.</summary>
internal sealed class ContentCapture(int limit)
{
    private readonly MemoryStream _bytes = new();

    /// <summary>Whether there was more than the limit.</summary>
    public bool IsCut { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var room = limit - (int)_bytes.Length;
        IsCut |= bytes.Length > room;
        _bytes.Write(bytes.Length > room ? bytes[..room] : bytes);
    }

    /// <summary>As a database can hold it: no zero characters, and no half a character at the end.</summary>
    public override string ToString() => TextOf(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length));

    /// <summary>The text of bytes that may end within a character.</summary>
    public static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).Replace('\0', '\uFFFD');
}
