using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Ledger;
using Gateway.Upstream;

namespace Gateway.Answers;

/// <summary>Writes to a client that may be gone: then bytes are counted against the drain limit and dropped, and nothing throws.</summary>
internal sealed class ClientWriter(HttpContext http, UpstreamCall call, AnswerOptions options)
{
    private readonly ContentCapture? _capture = http.GetCall().Capture;
    private long _drained;

    /// <summary>Bytes that were handed to the client.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Whether the client left before bytes that were meant for it.</summary>
    public bool HasDropped => _drained > 0;

    /// <summary>Sends bytes at once.</summary>
    /// <returns>
    /// False when the upstream is to be given up: the client is gone, and the call is not one that is read to its end, or has been read far
    /// enough.
    /// </returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        _capture?.Add(bytes.Span);
        if (!call.ClientIsGone)
        {
            try
            {
                await http.Response.Body.WriteAsync(bytes, CancellationToken.None);
                if (!call.ClientIsGone)
                {
                    BytesSent += bytes.Length;
                    return true;
                }
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
            {
                call.WriteFailed = true;
            }
        }
        return Drain(bytes.Length);
    }

    /// <summary>Counts bytes that nobody waits for. False when it was enough.</summary>
    public bool Drain(int count)
    {
        _drained += count;
        return call.Drains && _drained <= options.DrainBytes;
    }
}
