using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Support;

/// <summary>
/// What a balancer before several nodes does: each connection goes to one that says it is ready, in turn. It looks at them every 50 ms, and
/// at nothing else.
/// </summary>
internal sealed class NodeBalancer : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Uri, bool> _nodes = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _looking;
    private int _turn;

    public NodeBalancer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        _ = AcceptAsync();
        _looking = LookAsync();
    }

    public Uri Address { get; }

    /// <summary>Adds a node and returns once it gets connections.</summary>
    public async Task AddAsync(Uri node)
    {
        _nodes[node] = false;
        await Eventually.TrueAsync(() => Task.FromResult(_nodes[node]), $"{node} is ready", TimeSpan.FromSeconds(60));
    }

    /// <summary>Whether a node gets connections.</summary>
    public bool Uses(Uri node) => _nodes.GetValueOrDefault(node);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _looking;
        _end.Dispose();
    }

    private async Task LookAsync()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            while (!_end.IsCancellationRequested)
            {
                foreach (var node in _nodes.Keys)
                {
                    _nodes[node] = await IsReadyAsync(client, node);
                }
                await Task.Delay(Look, _end.Token);
            }
        }
        catch (OperationCanceledException) { }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, Uri node)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(node, "/health/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            var ready = _nodes.Where(n => n.Value).Select(n => n.Key).Order(Comparer<Uri>.Create((a, b) => a.Port - b.Port)).ToList();
            if (ready.Count == 0)
            {
                return;
            }
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, ready[(Interlocked.Increment(ref _turn) & int.MaxValue) % ready.Count].Port);
                await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
            }
            catch (SocketException) { }
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16_384];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException) { }
    }
}
