using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace Gateway.Tests.Support;

/// <summary>A page in a tab of <see cref="Chromium"/>, spoken to by the DevTools protocol.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    // Drawing a page takes seconds, and many times that on a machine that runs other tests beside it.
    private static readonly TimeSpan DrawLimit = TimeSpan.FromSeconds(90);

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<Uri> _requests = new();
    private Task _reading = Task.CompletedTask;
    private int _lastId;

    private BrowserPage() { }

    /// <summary>Errors and warnings in the console, exceptions, and what the page's security policy did not allow.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>What the page and its workers have asked the network for; <c>data:</c> and <c>blob:</c> are not the network.</summary>
    public IReadOnlyCollection<Uri> Requests => _requests;

    public static async Task<BrowserPage> OpenAsync(Uri devTools, Uri address)
    {
        var page = new BrowserPage();
        await page._socket.ConnectAsync(devTools, page._closing.Token);
        page._reading = page.ReadAsync();
        foreach (var domain in new[] { "Network", "Runtime", "Log", "Audits", "Page" })
        {
            await page.SendAsync($"{domain}.enable", new { });
        }
        await page.SendAsync("Page.navigate", new { url = address.AbsoluteUri });
        return page;
    }

    /// <summary>Returns once a JavaScript expression is true.</summary>
    public async Task UntilAsync(string expression)
    {
        try
        {
            await Eventually.TrueAsync(async () => (await EvaluateAsync($"Boolean({expression})")).GetBoolean(), expression, DrawLimit);
        }
        catch (Xunit.Sdk.XunitException fault)
        {
            throw new InvalidOperationException($"{fault.Message} The page complains: {string.Join("; ", Complaints)}", fault);
        }
    }

    /// <summary>The value of a JavaScript expression in the page; undefined is null.</summary>
    /// <exception cref="InvalidOperationException">It threw.</exception>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await SendAsync(
            "Runtime.evaluate",
            new
            {
                expression,
                returnByValue = true,
                awaitPromise = true,
            }
        );
        return answer.TryGetProperty("exceptionDetails", out var fault) ? throw new InvalidOperationException(fault.GetRawText())
            : answer.GetProperty("result").TryGetProperty("value", out var value) ? value
            : JsonElement.Parse("null");
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        _socket.Dispose();
        _closing.Dispose();
        _sending.Dispose();
    }

    private async Task<JsonElement> SendAsync(string method, object parameters)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _waiting[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(
                    new Dictionary<string, object>
                    {
                        ["id"] = id,
                        ["method"] = method,
                        ["params"] = parameters,
                    }
                ),
                WebSocketMessageType.Text,
                true,
                _closing.Token
            );
        }
        finally
        {
            _sending.Release();
        }
        var message = await answer.Task.WaitAsync(DrawLimit);
        return message.TryGetProperty("result", out var result)
            ? result
            : throw new InvalidOperationException($"{method}: {message.GetRawText()}");
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), _closing.Token);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take(JsonElement.Parse(message.GetBuffer().AsSpan(0, (int)message.Length)));
                    message.SetLength(0);
                }
            }
        }
        catch (OperationCanceledException) { }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out var id))
        {
            _waiting[id.GetInt32()].TrySetResult(message);
            return;
        }
        var what = message.GetProperty("params");
        switch (message.GetProperty("method").GetString())
        {
            case "Network.requestWillBeSent"
                when new Uri(what.GetProperty("request").GetProperty("url").GetString()!) is { Scheme: not ("data" or "blob") } address:
                _requests.Enqueue(address);
                break;
            case "Log.entryAdded" when what.GetProperty("entry").GetProperty("level").GetString() is "error" or "warning":
            case "Runtime.consoleAPICalled" when what.GetProperty("type").GetString() is "error" or "warning" or "assert":
            case "Runtime.exceptionThrown":
            case "Audits.issueAdded" when what.GetProperty("issue").GetProperty("code").GetString() == "ContentSecurityPolicyIssue":
                _complaints.Enqueue(what.GetRawText());
                break;
        }
    }
}
