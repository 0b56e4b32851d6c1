using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Realtime;

/// <summary>A client of a session.</summary>
internal sealed class RealtimeClient(ClientWebSocket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The session's own request id.</summary>
    public string SessionId { get; } = socket.HttpResponseHeaders!["x-oneui-request-id"].Single();

    /// <summary>The subprotocol that was agreed on.</summary>
    public string? Protocol => socket.SubProtocol;

    /// <summary>With which status the gateway closed.</summary>
    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    /// <summary>The types of all events that came.</summary>
    public List<string> Types { get; } = [];

    public Task SendAsync(string json) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Says a text.</summary>
    public Task SayAsync(string text) =>
        SendAsync(
            """
            {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"TEXT"}]}}
            """.Replace("TEXT", text, StringComparison.Ordinal)
        );

    /// <summary>Says a text, and has it answered.</summary>
    public async Task<JsonElement> AskAsync(string text)
    {
        await SayAsync(text);
        await SendAsync("""{"type":"response.create"}""");
        return await UntilAsync("response.done");
    }

    /// <summary>Reads on to an event of that type.</summary>
    public async Task<JsonElement> UntilAsync(string type)
    {
        while (await ReceiveAsync() is { } told)
        {
            if (told.GetProperty("type").GetString() == type)
            {
                return told;
            }
        }
        throw new InvalidOperationException($"The session ended before '{type}': {string.Join(", ", Types)}.");
    }

    /// <summary>Reads to the end, and answers what the last <c>error</c> event says.</summary>
    public async Task<JsonElement?> EndAsync()
    {
        JsonElement? error = null;
        while (await ReceiveAsync() is { } told)
        {
            error = told.GetProperty("type").GetString() == "error" ? told.GetProperty("error") : error;
        }
        return error;
    }

    /// <summary>Closes as a client does.</summary>
    public Task CloseAsync() => socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    /// <summary>Leaves without a word.</summary>
    public void Leave() => socket.Abort();

    public void Dispose() => socket.Dispose();

    private async Task<JsonElement?> ReceiveAsync()
    {
        using var stop = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(piece.AsMemory(), stop.Token);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
            message.Write(piece, 0, read.Count);
            if (read.EndOfMessage)
            {
                using var document = JsonDocument.Parse(message.ToArray());
                var told = document.RootElement.Clone();
                Types.Add(told.GetProperty("type").GetString()!);
                return told;
            }
        }
    }
}
