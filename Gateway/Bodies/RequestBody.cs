namespace Gateway.Bodies;

/// <summary>
/// A request body in one buffer, what the gateway read of it, and the few edits with which it goes upstream. Read once, copied never: what
/// goes upstream is the buffer with the edits put in while it is sent.
/// </summary>
/// <param name="buffer">The bytes.</param>
/// <param name="length">How many of them are the body's.</param>
/// <param name="members">What was read of them.</param>
/// <param name="owner">Whose the bytes are, disposed of when nobody needs them any more.</param>
internal sealed class RequestBody(byte[] buffer, int length, RequestMembers members, IDisposable? owner = null) : IDisposable
{
    private readonly List<BodyEdit> _edits = [];
    private readonly RequestMembers _members = members;
    private byte[]? _buffer = buffer;

    /// <summary>The bytes as the client sent them.</summary>
    public ReadOnlyMemory<byte> Bytes => (_buffer ?? throw new ObjectDisposedException(nameof(RequestBody))).AsMemory(0, Length);

    /// <summary>How many there are.</summary>
    public int Length { get; } = length;

    /// <summary>The members that the gateway reads.</summary>
    public ref readonly RequestMembers Members => ref _members;

    /// <summary>The edits in the order of their places.</summary>
    public IReadOnlyList<BodyEdit> Edits => _edits;

    /// <summary>The length with the edits put in.</summary>
    public long EditedLength => Length + _edits.Sum(e => (long)e.Replacement.Length - e.Length);

    /// <summary>Replaces some bytes (none: inserts) in what goes upstream. Edits do not overlap.</summary>
    public void Edit(BodyEdit edit)
    {
        var at = _edits.FindIndex(e => e.Offset > edit.Offset);
        _edits.Insert(at < 0 ? _edits.Count : at, edit);
    }

    /// <summary>Whether the bytes may be sent again, to another destination.</summary>
    public bool IsNeededAgain { get; set; } = true;

    /// <summary>
    /// All of it was handed to the upstream's connection: memory that nobody will read again goes back, however long the answer takes.
    /// </summary>
    public void Sent()
    {
        if (!IsNeededAgain)
        {
            Dispose();
        }
    }

    /// <summary>Gives the buffer back. Nothing may be sent after this.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is not null)
        {
            owner?.Dispose();
        }
    }
}
