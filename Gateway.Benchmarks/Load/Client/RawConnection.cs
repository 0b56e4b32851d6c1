using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Benchmarks.Load.Client;

/// <summary>HTTP/1.1 with as little work as possible: sends bytes made beforehand and reads until the answer is whole.</summary>
internal sealed class RawConnection : IDisposable
{
    private const int LastChunkLength = 5;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly byte[] _tail = new byte[LastChunkLength];

    private static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    /// <summary>Sends a call and reads its answer to the end.</summary>
    /// <returns>The status.</returns>
    public async ValueTask<int> CallAsync(ReadOnlyMemory<byte> request)
    {
        var (status, length, received) = await BeginAsync(request);
        if (length is { } known)
        {
            while (received < known)
            {
                received += await ReceiveAsync(0);
            }
            return status;
        }
        while (!_tail.AsSpan().SequenceEqual(LastChunk))
        {
            Remember(_buffer.AsSpan(0, await ReceiveAsync(0)));
        }
        return status;
    }

    /// <summary>Sends a call and reads the head of its answer.</summary>
    /// <returns>The status, the body's length when it is told, and how much of the body came with the head.</returns>
    public async ValueTask<(int Status, int? Length, int Received)> BeginAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var filled = 0;
        int end;
        do
        {
            filled += await ReceiveAsync(filled);
            end = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        } while (end < 0);
        var head = _buffer.AsSpan(0, end);
        var body = _buffer.AsSpan(end + 4, filled - end - 4);
        _tail.AsSpan().Clear();
        Remember(body);
        return ((head[9] - '0') * 100 + (head[10] - '0') * 10 + head[11] - '0', LengthOf(head), body.Length);
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<int> ReceiveAsync(int offset)
    {
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(offset));
        return count > 0 ? count : throw new IOException("The server closed the connection within an answer.");
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= LastChunkLength)
        {
            bytes[^LastChunkLength..].CopyTo(_tail);
            return;
        }
        _tail.AsSpan(bytes.Length).CopyTo(_tail);
        bytes.CopyTo(_tail.AsSpan(LastChunkLength - bytes.Length));
    }

    private static int? LengthOf(ReadOnlySpan<byte> head)
    {
        const string Name = "content-length: ";
        while (head.IndexOf("\r\n"u8) is var lineEnd and >= 0)
        {
            head = head[(lineEnd + 2)..];
            if (head.Length > Name.Length && Ascii.EqualsIgnoreCase(head[..Name.Length], Name))
            {
                return System.Buffers.Text.Utf8Parser.TryParse(head[Name.Length..], out int length, out _) ? length : null;
            }
        }
        return null;
    }
}
