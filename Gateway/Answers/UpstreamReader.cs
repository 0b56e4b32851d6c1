using System.Buffers;
using System.Diagnostics;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Upstream;

namespace Gateway.Answers;

/// <summary>Reads an upstream's body piece by piece, with a limit on its silence, and tells how it ended instead of throwing.</summary>
internal sealed class UpstreamReader : IDisposable
{
    private const int PeekBytes = 4 * 1024;

    private readonly Stream _body;
    private readonly UpstreamCall _call;
    private readonly Call _inference;
    private readonly TimeSpan _idleLimit;
    private readonly CancellationTokenSource _stop;
    private byte[] _peeked = [];
    private int _peekedFrom;
    private int _peekedTo;

    private UpstreamReader(Stream body, UpstreamCall upstreamCall, Call call, TimeSpan idleLimit)
    {
        _body = body;
        _call = upstreamCall;
        _inference = call;
        _idleLimit = idleLimit;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(upstreamCall.Token);
    }

    /// <summary>How the body ended; <see cref="UpstreamEnd.None"/> while it goes on.</summary>
    public UpstreamEnd End { get; private set; }

    public static async ValueTask<UpstreamReader> OpenAsync(
        HttpResponseMessage upstream,
        UpstreamCall upstreamCall,
        Call call,
        AnswerOptions options
    ) => new(await upstream.Content.ReadAsStreamAsync(CancellationToken.None), upstreamCall, call, options.UpstreamIdleTimeout);

    /// <summary>
    /// Looks at the first bytes, which the next read still gives: one piece, or up to the first byte that is no white space.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(bool onePiece)
    {
        _peeked = ArrayPool<byte>.Shared.Rent(PeekBytes);
        var length = 0;
        do
        {
            var read = await ReadBodyAsync(_peeked.AsMemory(length));
            if (read == 0)
            {
                break;
            }
            length += read;
        } while (!onePiece && length < _peeked.Length && AnswerKinds.IsOpen(_peeked.AsSpan(0, length)));
        _peekedTo = length;
        return _peeked.AsMemory(0, length);
    }

    /// <summary>Reads the next piece; 0 when the body ended.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (_peekedFrom == _peekedTo)
        {
            return End == UpstreamEnd.None ? ReadBodyAsync(buffer) : ValueTask.FromResult(0);
        }
        var peeked = _peeked.AsMemory(_peekedFrom, Math.Min(buffer.Length, _peekedTo - _peekedFrom));
        peeked.CopyTo(buffer);
        _peekedFrom += peeked.Length;
        return ValueTask.FromResult(peeked.Length);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _body.Dispose();
        if (_peeked.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_peeked);
            _peeked = [];
        }
    }

    private async ValueTask<int> ReadBodyAsync(Memory<byte> buffer)
    {
        try
        {
            var pending = _body.ReadAsync(buffer, _stop.Token);
            if (pending.IsCompletedSuccessfully)
            {
                return Ended(pending.Result);
            }
            _stop.CancelAfter(_idleLimit);
            var read = await pending;
            _stop.CancelAfter(Timeout.InfiniteTimeSpan);
            return Ended(read);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            _inference.UpstreamEndTimestamp = Stopwatch.GetTimestamp();
            End =
                _call.Token.IsCancellationRequested ? UpstreamEnd.GivenUp
                : fault is OperationCanceledException ? UpstreamEnd.Silent
                : UpstreamEnd.Broken;
            return 0;
        }
    }

    private int Ended(int read)
    {
        if (read == 0)
        {
            _inference.UpstreamEndTimestamp = Stopwatch.GetTimestamp();
            End = UpstreamEnd.Complete;
        }
        else if (_inference.FirstBodyTimestamp == 0)
        {
            _inference.FirstBodyTimestamp = Stopwatch.GetTimestamp();
        }
        return read;
    }
}
