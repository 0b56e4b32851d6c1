using System.Net.Sockets;

namespace Gateway.Core.Storage.Providers;

/// <summary>Whether a PostgreSQL server answers: asked for TLS, it says yes or no in one byte. A MySQL server would speak first.</summary>
internal static class PostgresGreeting
{
    // The length of the message (8) and the number of the question (1234 and 5679), as the protocol has them.
    private static readonly byte[] AsksForTls = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Asks a server; never throws.</summary>
    public static async Task<bool> IsThereAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token);
            await client.GetStream().WriteAsync(AsksForTls, limit.Token);
            var answer = new byte[1];
            return await client.GetStream().ReadAsync(answer, limit.Token) == 1 && answer[0] is (byte)'S' or (byte)'N';
        }
        catch (Exception fault) when (fault is SocketException or IOException or OperationCanceledException or ArgumentException)
        {
            return false;
        }
    }
}
