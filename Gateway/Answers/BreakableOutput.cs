using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Answers;

/// <summary>
/// The way out of a connection, which can be broken off: what was written before is sent, what is written after is not. So the last chunk
/// of a body stays away, and the connection still closes in order. An abort would not do: it may overtake the last bytes.
/// </summary>
internal sealed class BreakableOutput(PipeWriter inner) : PipeWriter
{
    private volatile bool _isBroken;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <summary>Puts one on each connection of an endpoint, inside of TLS.</summary>
    public static void Use(IConnectionBuilder endpoint) =>
        endpoint.Use(next =>
            connection =>
            {
                var output = new BreakableOutput(connection.Transport.Output);
                connection.Transport = new BreakableTransport(connection.Transport.Input, output);
                connection.Features.Set(output);
                return next(connection);
            }
        );

    /// <summary>From now on nothing more is sent.</summary>
    public void BreakOff() => _isBroken = true;

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (!_isBroken)
        {
            inner.Advance(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _isBroken ? default : inner.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        _isBroken ? default : inner.WriteAsync(source, cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private sealed class BreakableTransport(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
