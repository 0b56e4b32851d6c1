using System.Text;

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
        var at = 0;
        while (at < _edits.Count && _edits[at].Offset <= edit.Offset)
        {
            at++;
        }
        _edits.Insert(at, edit);
    }

    /// <summary>Puts in the model's name at an upstream, in place of the one that an attempt before put in.</summary>
    /// <param name="name">The name; where it stands in the body already, the body stays as it is.</param>
    /// <param name="nameJson">The same as JSON.</param>
    public void SetModel(string name, ReadOnlyMemory<byte> nameJson)
    {
        for (var i = _edits.Count - 1; i >= 0; i--)
        {
            if (_edits[i].IsOfAttempt)
            {
                _edits.RemoveAt(i);
            }
        }
        if (_members.BodyModel == name)
        {
            return;
        }
        var range = _members.ModelRange;
        var at = 0;
        while (at < _edits.Count && _edits[at].Offset < range.Offset)
        {
            at++; // before what is put in at the same place: in an empty object it is the first member
        }
        _edits.Insert(at, new BodyEdit(range.Offset, range.Length, ModelMember(name, nameJson)) { IsOfAttempt = true });
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

    // The value of the member, in a form the text of its part; where the body has no such member, the member as its last one.
    private ReadOnlyMemory<byte> ModelMember(string name, ReadOnlyMemory<byte> nameJson)
    {
        if (_members.FormBoundary is { } boundary)
        {
            return _members.BodyModel is null ? FormBoundary.TextPart(boundary, "model", name) : Encoding.UTF8.GetBytes(name);
        }
        return _members.BodyModel is not null
            ? nameJson
            : (byte[])[.. _members.IsEmpty ? ""u8 : ","u8, .. "\"model\":"u8, .. nameJson.Span];
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
