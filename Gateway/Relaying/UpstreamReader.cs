using System.Diagnostics;
using Gateway.Core.Configuration;
using Gateway.Forwarding;
using Gateway.Inference;

namespace Gateway.Relaying;

/// <summary>Why an upstream's body ended.</summary>
internal enum UpstreamEnd
{
    /// <summary>Not yet.</summary>
    None,

    /// <summary>Properly.</summary>
    Complete,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>It was silent for longer than <see cref="HubOptions.UpstreamIdleTimeout"/>.</summary>
    Silent,

    /// <summary>We gave it up, because the client left.</summary>
    GivenUp,
}

/// <summary>Reads an upstream's body piece by piece, with a limit on its silence, and tells how it ended instead of throwing.</summary>
internal sealed class UpstreamReader : IDisposable
{
    private readonly Stream _body;
    private readonly UpstreamCall _call;
    private readonly InferenceRequest _inference;
    private readonly TimeSpan _idleLimit;
    private readonly CancellationTokenSource _stop;

    private UpstreamReader(Stream body, UpstreamCall call, InferenceRequest inference, TimeSpan idleLimit)
    {
        _body = body;
        _call = call;
        _inference = inference;
        _idleLimit = idleLimit;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(call.Token);
    }

    /// <summary>How the body ended; <see cref="UpstreamEnd.None"/> while it goes on.</summary>
    public UpstreamEnd End { get; private set; }

    public static async ValueTask<UpstreamReader> OpenAsync(HttpResponseMessage upstream, UpstreamCall call, InferenceRequest inference, HubOptions options) =>
        new(await upstream.Content.ReadAsStreamAsync(CancellationToken.None), call, inference, options.UpstreamIdleTimeout);

    /// <summary>Reads the next piece; 0 when the body ended.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
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
            End = _call.Token.IsCancellationRequested ? UpstreamEnd.GivenUp : fault is OperationCanceledException ? UpstreamEnd.Silent : UpstreamEnd.Broken;
            return 0;
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _body.Dispose();
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
