using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Support;

/// <summary>A server that takes connections, may say one thing, and never answers.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _connections = [];
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SilentServer()
    {
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Completes when somebody has connected.</summary>
    public Task Reached => _reached.Task;

    /// <param name="greeting">What it says first, unasked.</param>
    /// <param name="answersOnce">What it says when it is asked, before it closes; null: nothing, and it stays open.</param>
    public static SilentServer Start(byte[]? greeting = null, byte[]? answersOnce = null)
    {
        var server = new SilentServer();
        _ = server.AcceptAsync(greeting ?? [], answersOnce);
        return server;
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_connections)
        {
            _connections.ForEach(connection => connection.Dispose());
        }
    }

    private async Task AcceptAsync(byte[] greeting, byte[]? answersOnce)
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptSocketAsync();
                lock (_connections)
                {
                    _connections.Add(connection);
                }
                await connection.SendAsync(greeting);
                _reached.TrySetResult();
                if (answersOnce is not null)
                {
                    await connection.ReceiveAsync(new byte[256]);
                    await connection.SendAsync(answersOnce);
                    connection.Dispose();
                }
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Its end.
        }
    }
}
