using System.IO.Pipelines;
using Gateway.Core.Configuration;

namespace Gateway.Bodies;

/// <summary>
/// Looks every few seconds whether a body comes fast enough, and ends the reading when it does not. Each span of time counts by itself:
/// bytes that came early do not pay for silence later. Nor may a body take longer than <see cref="BodyOptions.MaxBodyTime"/> in all.
/// </summary>
internal sealed class BodyWatch : IDisposable
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly PipeReader _body;
    private readonly BodyOptions _options;
    private readonly ITimer _timer;
    private TimeSpan _elapsed;
    private long _length;
    private long _lengthBefore;
    private volatile bool _isTooSlow;

    public BodyWatch(PipeReader body, BodyOptions options, TimeProvider time)
    {
        _body = body;
        _options = options;
        _timer = time.CreateTimer(static watch => ((BodyWatch)watch!).Look(), this, Span, Span);
    }

    /// <summary>Whether the reading was ended.</summary>
    public bool IsTooSlow => _isTooSlow;

    /// <summary>Notes how many bytes have come in all.</summary>
    public void Note(int length) => Volatile.Write(ref _length, length);

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        _elapsed += Span;
        var length = Volatile.Read(ref _length);
        var isSlow = length - _lengthBefore < _options.MinBodyBytesPerSecond * Span.TotalSeconds;
        _lengthBefore = length;
        if (isSlow || _elapsed >= _options.MaxBodyTime)
        {
            _isTooSlow = true;
            _body.CancelPendingRead();
        }
    }
}
