using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Gateway.Sandbox.Wire;

/// <summary>
/// Puts JSON together byte by byte in a pooled buffer, so that member order, spacing and number forms are exactly LiteLLM's,
/// and a chunk of a stream costs no allocation.
/// </summary>
internal sealed class Utf8Builder(int capacity = 1024) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public Utf8Builder Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    public Utf8Builder Int(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(20), out var written);
        Length += written;
        return this;
    }

    public Utf8Builder Bool(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Text that is known to need no escaping.</summary>
    public Utf8Builder Text(string text)
    {
        Length += Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));
        return this;
    }

    /// <summary>A JSON string with its quotes; null for null.</summary>
    public Utf8Builder String(string? text)
    {
        return text is null ? Raw("null"u8) : Raw("\""u8).Raw(JsonText.Escape(text)).Raw("\""u8);
    }

    public byte[] ToArray() => Memory.ToArray();

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + count));
            Memory.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        return _buffer.AsSpan(Length);
    }
}
