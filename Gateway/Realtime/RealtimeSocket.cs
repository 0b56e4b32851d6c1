using System.Net.WebSockets;
using Gateway.Core.Buffers;

namespace Gateway.Realtime;

/// <summary>
/// One side of a session. Messages are read whole, up to a limit, and sent one at a time. Nothing throws because the other end is gone. One
/// thread reads.
/// </summary>
internal sealed class RealtimeSocket(WebSocket socket, int mostBytes) : IDisposable
{
    private const int PieceBytes = 8 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly PooledBuffer _message = new(PieceBytes);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _sending;

    /// <summary>The message that was read last; valid until the next is read.</summary>
    public ReadOnlyMemory<byte> Message => _message.Written;

    /// <summary>Whether something is on its way that the other end does not take.</summary>
    public bool IsSending => Interlocked.Read(ref _sending) > 0;

    /// <summary>Whether the other end said that it closes, and that nothing is wrong.</summary>
    public bool IsClosedInOrder =>
        socket.CloseStatus is WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.EndpointUnavailable or WebSocketCloseStatus.Empty;

    /// <summary>Waits for the next message.</summary>
    public async ValueTask<RealtimeArrival> ReceiveAsync(CancellationToken cancellationToken)
    {
        _message.Clear();
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(_message.GetMemory(PieceBytes), cancellationToken);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    return RealtimeArrival.Closed;
                }
                _message.Advance(read.Count);
                if (_message.Length > mostBytes)
                {
                    return RealtimeArrival.TooLarge;
                }
                if (read.EndOfMessage)
                {
                    return read.MessageType == WebSocketMessageType.Text ? RealtimeArrival.Text : RealtimeArrival.Binary;
                }
            }
        }
        catch (Exception fault) when (IsOfOtherEnd(fault))
        {
            return RealtimeArrival.Broken;
        }
    }

    /// <summary>Sends a message.</summary>
    /// <returns>False when the other end is gone.</returns>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _sending);
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
                return true;
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception fault) when (IsOfOtherEnd(fault))
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _sending);
        }
    }

    /// <summary>Says that it closes, after a last message if there is one. Waits a second at most.</summary>
    public async Task SayGoodbyeAsync(ReadOnlyMemory<byte> last, WebSocketCloseStatus status)
    {
        using var stop = new CancellationTokenSource(Patience);
        if (!last.IsEmpty && !await SendAsync(last, stop.Token))
        {
            return;
        }
        try
        {
            await _turn.WaitAsync(stop.Token);
            try
            {
                await socket.CloseOutputAsync(status, null, stop.Token);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception fault) when (IsOfOtherEnd(fault))
        {
            // It is gone already.
        }
    }

    /// <summary>Cuts the connection; who reads or sends is told that it broke.</summary>
    public void Abort() => socket.Abort();

    /// <summary>Gives the memory back. Nobody reads or sends any more.</summary>
    public void Dispose()
    {
        socket.Dispose();
        _message.Dispose();
        _turn.Dispose();
    }

    private static bool IsOfOtherEnd(Exception fault) =>
        fault is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;
}
