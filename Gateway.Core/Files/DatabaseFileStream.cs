using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Files;

/// <summary>Reads a file out of the database, piece by piece: never more than one in memory.</summary>
internal sealed class DatabaseFileStream(IDbContextFactory<HubDbContext> databases, string fileId, long length) : Stream
{
    private byte[] _piece = [];
    private int _pieceNumber = -1;
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty)
        {
            return 0;
        }
        var number = (int)(_position / FileStore.PartBytes);
        if (number != _pieceNumber)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            _piece =
                await db
                    .FileParts.Where(p => p.FileId == fileId && p.PartNumber == number)
                    .Select(p => p.Content)
                    .FirstOrDefaultAsync(cancellationToken)
                ?? throw new FileNotFoundException("The file was deleted while it was read.");
            _pieceNumber = number;
        }
        var rest = _piece.AsMemory((int)(_position % FileStore.PartBytes));
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) =>
        _position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException("The file is read only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The file is read only.");
}
