using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Hosting.Warming;

/// <summary>
/// HTTP/1.1 over a socket, no more of it than both ends of the warm-up need: they must not compile a second client and server for it.
/// </summary>
internal sealed class HttpWire(Socket socket) : IDisposable
{
    private const string LengthHeader = "\r\ncontent-length:";

    private readonly byte[] _buffer = new byte[32 * 1024];
    private int _filled;

    private static ReadOnlySpan<byte> HeadEnd => "\r\n\r\n"u8;

    private static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        socket.SendAsync(bytes, cancellationToken);

    /// <summary>Reads a message to its end.</summary>
    /// <returns>Its head; null when the other side has closed the connection.</returns>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf(HeadEnd)) < 0)
        {
            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
        }
        end += HeadEnd.Length;
        var head = Encoding.ASCII.GetString(_buffer, 0, end);
        if (LengthOf(head) is { } length)
        {
            while (_filled < end + length)
            {
                if (!await FillAsync(cancellationToken))
                {
                    return null;
                }
            }
            Drop(end + length);
            return head;
        }
        int last;
        while ((last = _buffer.AsSpan(end, _filled - end).IndexOf(LastChunk)) < 0)
        {
            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
        }
        Drop(end + last + LastChunk.Length);
        return head;
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        var count = await socket.ReceiveAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += count;
        return count > 0;
    }

    private void Drop(int count)
    {
        _buffer.AsSpan(count, _filled - count).CopyTo(_buffer);
        _filled -= count;
    }

    private static int? LengthOf(string head)
    {
        var at = head.IndexOf(LengthHeader, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return head.StartsWith("GET", StringComparison.Ordinal) ? 0 : null;
        }
        at += LengthHeader.Length;
        return int.Parse(head.AsSpan(at, head.IndexOf('\r', at) - at), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }
}
