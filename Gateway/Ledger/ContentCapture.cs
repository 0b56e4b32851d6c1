using System.Text;

namespace Gateway.Ledger;

/// <summary>What a client sent, and a copy of what goes to it, each up to a limit. One thread at a time.</summary>
internal sealed class ContentCapture(ReadOnlySpan<byte> request, int limit)
{
    private readonly MemoryStream _bytes = new();
    private readonly int _limit = limit;

    /// <summary>What the client sent.</summary>
    public string Request { get; } = TextOf(request.Length > limit ? request[..limit] : request);

    /// <summary>Whether either was more than the limit.</summary>
    public bool IsCut { get; private set; } = request.Length > limit;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var room = _limit - (int)_bytes.Length;
        IsCut |= bytes.Length > room;
        _bytes.Write(bytes.Length > room ? bytes[..room] : bytes);
    }

    /// <summary>As a database can hold it: no zero characters, and no half a character at the end.</summary>
    public override string ToString() => TextOf(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length));

    /// <summary>The text of bytes that may end within a character.</summary>
    private static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).Replace('\0', '\uFFFD');
}
