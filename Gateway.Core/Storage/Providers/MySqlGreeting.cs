using System.Net.Sockets;
using System.Text;

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// What a MySQL or MariaDB server says first on every connection: three bytes of length, a sequence number of 0, then either the protocol's
/// version 10 and the server's version, or an error. PostgreSQL says nothing before it is asked.
/// </summary>
internal static class MySqlGreeting
{
    private const int HeaderBytes = 4;
    private const byte Protocol = 10;
    private const byte Error = 0xFF;
    private const int LongestBytes = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Asks a server; never throws.</summary>
    /// <returns>Its version; empty when it hides it; null when it is no MySQL server.</returns>
    public static async Task<string?> ReadAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token);
            var bytes = new byte[LongestBytes];
            var count = await client.GetStream().ReadAtLeastAsync(bytes, HeaderBytes + 1, throwOnEndOfStream: false, limit.Token);
            return VersionIn(bytes.AsSpan(0, count));
        }
        catch (Exception fault) when (fault is SocketException or IOException or OperationCanceledException or ArgumentException)
        {
            return null;
        }
    }

    internal static string? VersionIn(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= HeaderBytes || bytes[HeaderBytes - 1] != 0 || bytes[HeaderBytes] is not (Protocol or Error))
        {
            return null;
        }
        var text = bytes[(HeaderBytes + 1)..];
        var end = text.IndexOf((byte)0);
        return bytes[HeaderBytes] == Protocol && end > 0 && !text[..end].ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? Encoding.ASCII.GetString(text[..end])
            : "";
    }
}
