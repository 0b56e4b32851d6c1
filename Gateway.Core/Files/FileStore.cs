using System.Buffers;
using System.Security.Cryptography;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Files;

/// <summary>
/// The bytes of users' files: on disk below <c>UPLOAD_DIR</c>, or in the database, where every node finds them. Bytes come before their row
/// and go before it; what is left without a row is swept away.
/// </summary>
public sealed class FileStore(
    IDbContextFactory<HubDbContext> databases,
    StoreProvider provider,
    ChatOptions options,
    HubOptions hub,
    TimeProvider time
)
{
    /// <summary>Bytes of a piece in the database.</summary>
    public const int PartBytes = 256 * 1024;

    // What is being written has no row yet.
    private static readonly TimeSpan YoungestOrphan = TimeSpan.FromHours(1);

    private readonly string _folder = Path.Combine(
        Path.GetFullPath(hub.AdminApi.UploadDirectory ?? Path.Combine(hub.Server.DataDirectory, "uploads")),
        "files"
    );

    /// <summary>Where new files go: one of <see cref="FileStores"/>.</summary>
    public string Store { get; } = options.FilesStore ?? (provider.IsLocal ? FileStores.Disk : FileStores.Database);

    /// <summary>Takes a file's bytes in, piece by piece.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="declaredType">What the file says it is.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    public async Task<(StoredBytes? Bytes, FileFault Fault)> SaveAsync(
        Stream content,
        string? declaredType,
        CancellationToken cancellationToken
    )
    {
        var type = declaredType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        if (!FileTypes.Endings.TryGetValue(type, out var ending))
        {
            return (null, FileFault.WrongType);
        }
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        var sniffer = new FileSniffer();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        var fault = FileFault.None;
        try
        {
            await using var target = Store == FileStores.Disk ? OpenIncoming(id) : null;
            var piece = ArrayPool<byte>.Shared.Rent(PartBytes);
            try
            {
                for (var number = 0; fault == FileFault.None; number++)
                {
                    var read = await content.ReadAtLeastAsync(
                        piece.AsMemory(0, PartBytes),
                        PartBytes,
                        throwOnEndOfStream: false,
                        cancellationToken
                    );
                    size += read;
                    if (read == 0 || size > options.MaxUploadBytes)
                    {
                        fault = size > options.MaxUploadBytes ? FileFault.TooLarge : FileFault.None;
                        break;
                    }
                    sniffer.Feed(piece.AsSpan(0, read));
                    hash.AppendData(piece, 0, read);
                    await WriteAsync(target, id, number, piece.AsMemory(0, read), cancellationToken);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(piece);
            }
        }
        catch
        {
            await DeleteAsync(id, id + ending, Store);
            throw;
        }
        fault =
            fault != FileFault.None ? fault
            : size == 0 ? FileFault.Empty
            : sniffer.MimeType != type ? FileFault.WrongType
            : FileFault.None;
        if (fault != FileFault.None)
        {
            await DeleteAsync(id, id + ending, Store);
            return (null, fault);
        }
        if (Store == FileStores.Disk)
        {
            var path = PathOf(id + ending);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(IncomingPathOf(id), path);
        }
        return (new StoredBytes(id, id + ending, type, size, Convert.ToHexStringLower(hash.GetHashAndReset())), FileFault.None);
    }

    /// <summary>The row of stored bytes.</summary>
    public StoredFile NewRow(StoredBytes bytes, string userId, string? givenName, string? chatId) =>
        new()
        {
            Id = bytes.Id,
            UserId = userId,
            Filename = bytes.Filename,
            OriginalFilename = FileNames.Clean(givenName, bytes.Filename),
            MimeType = bytes.MimeType,
            Size = bytes.Size,
            Sha256 = bytes.Sha256,
            Store = Store,
            ChatId = chatId,
            UploadedAt = time.GetUtcNow().UtcDateTime,
        };

    /// <summary>Opens a file for reading; it can seek.</summary>
    /// <exception cref="FileNotFoundException">Its bytes are not on this node.</exception>
    public Stream Open(StoredFile file) =>
        file.Store == FileStores.Database
            ? new DatabaseFileStream(databases, file.Id, file.Size)
            : new FileStream(
                PathOf(file.Filename),
                new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.Read,
                    Share = FileShare.Read | FileShare.Delete,
                    Options = FileOptions.Asynchronous,
                }
            );

    /// <summary>Whether a file's bytes can be read on this node.</summary>
    public bool HasBytes(StoredFile file) => file.Store == FileStores.Database || File.Exists(PathOf(file.Filename));

    /// <summary>Takes a file's bytes away; bytes that are gone already are no fault.</summary>
    public Task DeleteAsync(StoredFile file) => DeleteAsync(file.Id, file.Filename, file.Store);

    /// <summary>Takes bytes away that no row names: of uploads that broke off, and of users that are gone.</summary>
    /// <returns>How many files.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var youngest = Guid.CreateVersion7(time.GetUtcNow() - YoungestOrphan).ToString();
        return SweepDisk(await KnownOnDiskAsync(youngest, cancellationToken), youngest)
            + await SweepDatabaseAsync(youngest, cancellationToken);
    }

    private async Task WriteAsync(Stream? target, string id, int number, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (target is not null)
        {
            await target.WriteAsync(piece, cancellationToken);
            return;
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.FileParts.Add(
            new StoredFilePart
            {
                FileId = id,
                PartNumber = number,
                Content = piece.ToArray(),
            }
        );
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task DeleteAsync(string id, string filename, string store)
    {
        if (store == FileStores.Disk)
        {
            Delete(PathOf(filename));
            Delete(IncomingPathOf(id));
            return;
        }
        await using var db = await databases.CreateDbContextAsync();
        await db.FileParts.Where(p => p.FileId == id).ExecuteDeleteAsync();
    }

    private async Task<HashSet<string>> KnownOnDiskAsync(string youngest, CancellationToken cancellationToken)
    {
        var candidates = FilesOnDisk(youngest).Select(f => Path.GetFileNameWithoutExtension(f)).ToList();
        var known = new HashSet<string>(StringComparer.Ordinal);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var chunk in candidates.Chunk(500))
        {
            known.UnionWith(await db.Files.Where(f => chunk.Contains(f.Id)).Select(f => f.Id).ToListAsync(cancellationToken));
        }
        return known;
    }

    private int SweepDisk(HashSet<string> known, string youngest)
    {
        var orphans = FilesOnDisk(youngest).Where(f => !known.Contains(Path.GetFileNameWithoutExtension(f))).ToList();
        orphans.ForEach(Delete);
        return orphans.Count;
    }

    private IEnumerable<string> FilesOnDisk(string youngest) =>
        Directory.Exists(_folder)
            ? Directory
                .EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
                .Where(f => string.CompareOrdinal(Path.GetFileNameWithoutExtension(f), youngest) < 0)
            : [];

    private async Task<int> SweepDatabaseAsync(string youngest, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var orphans = db.FileParts.Where(p =>
            string.Compare(p.FileId, youngest) < 0 && p.PartNumber == 0 && !db.Files.Any(f => f.Id == p.FileId)
        );
        var ids = await orphans.Select(p => p.FileId).ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            await db.FileParts.Where(p => p.FileId == id).ExecuteDeleteAsync(cancellationToken);
        }
        return ids.Count;
    }

    private FileStream OpenIncoming(string id)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(IncomingPathOf(id))!);
        return new FileStream(
            IncomingPathOf(id),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
            }
        );
    }

    private string IncomingPathOf(string id) => Path.Combine(_folder, "incoming", id + ".part");

    // The last two characters of an id are random: no folder gets all files of an hour.
    private string PathOf(string filename) =>
        Path.Combine(_folder, Path.GetFileNameWithoutExtension(filename)[^2..], Path.GetFileName(filename));

    private static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
