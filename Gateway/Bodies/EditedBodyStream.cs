namespace Gateway.Bodies;

/// <summary>
/// What goes upstream: the body with its edits put in while it is read. Reading does not copy the body anywhere else; a second attempt
/// makes another stream.
/// </summary>
internal sealed class EditedBodyStream(RequestBody body) : Stream
{
    private int _edit; // the next edit
    private int _inEdit; // bytes of its replacement that were read
    private int _offset; // the next byte of the body

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => body.EditedLength;

    public override long Position
    {
        get => throw new NotSupportedException("The body is read once, forward.");
        set => throw new NotSupportedException("The body is read once, forward.");
    }

    public override int Read(Span<byte> buffer)
    {
        var read = 0;
        while (read < buffer.Length)
        {
            var copied = ReadPiece(buffer[read..]);
            if (copied == 0)
            {
                if (read == 0)
                {
                    body.Sent(); // what was read before is on its way
                }
                break;
            }
            read += copied;
        }
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The body is read once, forward.");

    public override void SetLength(long value) => throw new NotSupportedException("The body is read only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The body is read only.");

    private int ReadPiece(Span<byte> buffer)
    {
        while (true)
        {
            var next = _edit < body.Edits.Count ? body.Edits[_edit] : new BodyEdit(body.Length, 0, default);
            if (_offset < next.Offset)
            {
                var copied = Math.Min(buffer.Length, next.Offset - _offset);
                body.Bytes.Span.Slice(_offset, copied).CopyTo(buffer);
                _offset += copied;
                return copied;
            }
            if (_edit >= body.Edits.Count)
            {
                return 0;
            }
            if (_inEdit < next.Replacement.Length)
            {
                var copied = Math.Min(buffer.Length, next.Replacement.Length - _inEdit);
                next.Replacement.Span.Slice(_inEdit, copied).CopyTo(buffer);
                _inEdit += copied;
                return copied;
            }
            _offset = next.Offset + next.Length;
            _inEdit = 0;
            _edit++;
        }
    }
}
