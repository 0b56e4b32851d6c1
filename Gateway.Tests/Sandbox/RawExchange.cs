using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Sandbox;

/// <summary>One request over a bare socket, so that a test sees the bytes and the HTTP chunks as they came.</summary>
internal sealed record RawExchange(
    int Status,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body,
    IReadOnlyList<byte[]> Chunks,
    bool Ended
)
{
    public IReadOnlyList<string> ChunkTexts => [.. Chunks.Select(Encoding.UTF8.GetString)];

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Sends and reads until the server closes; <see cref="Ended"/> tells whether the body was whole by then.</summary>
    public static async Task<RawExchange> SendAsync(
        Uri server,
        string method,
        string path,
        string? body,
        params (string Name, string Value)[] headers
    )
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(server.Host, server.Port);
        var stream = tcp.GetStream();
        var request = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"{method} {path} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n"
        );
        foreach (var (name, value) in headers)
        {
            request.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        request.Append(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request.ToString()));
        await stream.WriteAsync(bytes);
        return Parse(await ReadToEndAsync(stream));
    }

    private static async Task<byte[]> ReadToEndAsync(NetworkStream stream)
    {
        var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all);
        }
        catch (IOException)
        {
            // A reset: what came before it is kept.
        }
        return all.ToArray();
    }

    private static RawExchange Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return new RawExchange(0, new Dictionary<string, string>(), bytes, [], false);
        }
        var lines = Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var body = bytes[(end + 4)..];
        if (!headers.ContainsKey("transfer-encoding"))
        {
            var whole =
                headers.TryGetValue("content-length", out var length) && int.Parse(length, CultureInfo.InvariantCulture) == body.Length;
            return new RawExchange(status, headers, body, [], whole);
        }
        var chunks = new List<byte[]>();
        var ended = ReadChunks(body, chunks);
        return new RawExchange(status, headers, [.. chunks.SelectMany(chunk => chunk)], chunks, ended);
    }

    private static bool ReadChunks(ReadOnlySpan<byte> body, List<byte[]> chunks)
    {
        while (body.IndexOf("\r\n"u8) is var line and >= 0)
        {
            var size = int.Parse(Encoding.ASCII.GetString(body[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return true;
            }
            var available = Math.Min(size, body.Length - line - 2);
            chunks.Add(body.Slice(line + 2, available).ToArray());
            if (body.Length < line + 2 + size + 2)
            {
                return false;
            }
            body = body[(line + 2 + size + 2)..];
        }
        return false;
    }
}
