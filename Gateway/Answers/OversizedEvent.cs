using Gateway.Core.Buffers;
using Gateway.Core.Usage;

namespace Gateway.Answers;

/// <summary>
/// Sends on an event that is too large to hold, as it comes. It is held back, up to as many bytes as any event may have, until it says
/// something to a client; until then it can still be left out. <c>usage</c> that the client did not ask for, and the text of an
/// <c>error</c>, are taken out of it on the way.
/// </summary>
internal sealed class OversizedEvent(bool clientWantsUsage, int maxEventBytes) : IDisposable
{
    private readonly PooledBuffer _pending = new(4_096);
    private readonly MemberCut _cut = new(cutsUsage: !clientWantsUsage);
    private bool _isWithin;
    private bool _isLeftOut;

    /// <summary>Whether a part of the event is on its way to the client.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Takes the next piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="saysSomething">Whether what came so far is of use to a client.</param>
    /// <param name="output">Where it goes.</param>
    public void Take(in SseEvent piece, bool saysSomething, PooledBuffer output)
    {
        if (!_isWithin)
        {
            Forget();
            _cut.Begin();
            _isWithin = true;
        }
        if (_isLeftOut)
        {
            return;
        }
        _cut.Take(piece, HasBegun ? output : _pending);
        if (HasBegun)
        {
            return;
        }
        if (saysSomething && !_cut.HasCutError)
        {
            Begin(output);
        }
        else if (_pending.Length > maxEventBytes)
        {
            Decide(output);
        }
    }

    /// <summary>The event has ended, and is known.</summary>
    /// <returns>Whether none of it goes to the client.</returns>
    public bool End(ChunkKind kind, PooledBuffer output)
    {
        _isWithin = false;
        if (HasBegun)
        {
            _cut.End(output);
            HasBegun = false;
            return false;
        }
        var isLeftOut = _isLeftOut || kind == ChunkKind.Error || (kind == ChunkKind.UsageOnly && !clientWantsUsage);
        if (!isLeftOut)
        {
            _cut.End(_pending);
            output.Append(_pending.Written.Span);
        }
        Forget();
        return isLeftOut;
    }

    /// <summary>Forgets the event.</summary>
    public void Forget()
    {
        _pending.Clear();
        _isWithin = false;
        _isLeftOut = false;
        HasBegun = false;
    }

    public void Dispose()
    {
        _pending.Dispose();
        _cut.Dispose();
    }

    private void Begin(PooledBuffer output)
    {
        output.Append(_pending.Written.Span);
        _pending.Clear();
        HasBegun = true;
    }

    // So much that says nothing: an error, or a usage chunk (its choices are empty), or something that a client has to make of it what it
    // can.
    private void Decide(PooledBuffer output)
    {
        if (_cut.HasCutError || (_cut.HasChoices && !clientWantsUsage))
        {
            _isLeftOut = true;
            _pending.Clear();
        }
        else
        {
            Begin(output);
        }
    }
}
