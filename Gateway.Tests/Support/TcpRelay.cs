using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Support;

/// <summary>
/// A wire to a server that a test can cut and mend: cut, open connections break and new ones are refused. It can hang, too.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly int _target;
    private readonly ConcurrentBag<Socket> _sockets = [];
    private Socket _listener;

    public TcpRelay(int target)
    {
        _target = target;
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    // Completed while bytes may pass.
    private volatile TaskCompletionSource _flow = Flowing();

    /// <summary>Connections stay and are taken, and nothing passes.</summary>
    public void Hang() => _flow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What waited passes.</summary>
    public void Resume() => _flow.TrySetResult();

    public void Cut()
    {
        _listener.Dispose();
        while (_sockets.TryTake(out var socket))
        {
            socket.Dispose();
        }
    }

    public void Mend() => _listener = Listen(Port);

    public ValueTask DisposeAsync()
    {
        Cut();
        return default;
    }

    private Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        _ = AcceptAsync(listener);
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptAsync();
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                near.NoDelay = true;
                _sockets.Add(near);
                _sockets.Add(far);
                await far.ConnectAsync(IPAddress.Loopback, _target);
                _ = PumpAsync(near, far);
                _ = PumpAsync(far, near);
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private static TaskCompletionSource Flowing()
    {
        var flow = new TaskCompletionSource();
        flow.SetResult();
        return flow;
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16_384];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                await _flow.Task;
                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Either side is gone.
        }
        from.Dispose();
        to.Dispose();
    }
}
