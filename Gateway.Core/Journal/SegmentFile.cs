using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Journal;

/// <summary>
/// The file of a segment. Its name carries the number, which orders segments, and the identity, which stands in every record of it: nothing
/// that a client sends can look like a record, because nobody outside knows the identity.
/// </summary>
internal sealed record SegmentFile(string Path, int Number, ulong Identity)
{
    private const string Extension = ".segment";
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>The segments of a folder, oldest first.</summary>
    public static IReadOnlyList<SegmentFile> List(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*" + Extension)
                .Select(Parse)
                .OfType<SegmentFile>()
                .OrderBy(s => s.Number)
                .ThenBy(s => s.Identity),
        ];

    /// <summary>Makes a segment that can be written in without asking the disk again: every byte is written, as zero, and synced.</summary>
    /// <exception cref="IOException">The disk is full, or worse; then nothing is left behind.</exception>
    public static (SegmentFile File, SafeFileHandle Handle) Create(string folder, int number, int bytes, Action<SafeFileHandle> flushToDisk)
    {
        var identity = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:D10}-{identity:x16}{Extension}"));
        SafeFileHandle? handle = null;
        try
        {
            // Asks for the room first, so that a full disk says so before megabytes are written in vain.
            handle = File.OpenHandle(
                path,
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete,
                FileOptions.None,
                bytes
            );
            WriteZeros(handle, bytes);
            flushToDisk(handle);
            FolderSync.Flush(folder);
            return (new SegmentFile(path, number, identity), handle);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            handle?.Dispose();
            TryDelete(path);
            throw;
        }
    }

    /// <summary>
    /// Deletes a file; one that is gone already, or cannot be deleted now, is no fault: replaying it once more changes nothing.
    /// </summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next start finds it again.
        }
    }

    private static SegmentFile? Parse(string path) =>
        System.IO.Path.GetFileNameWithoutExtension(path).Split('-') is [var number, var identity]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedNumber)
        && identity.Length == 16
        && ulong.TryParse(identity, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var parsedIdentity)
            ? new SegmentFile(path, parsedNumber, parsedIdentity)
            : null;

    private static void WriteZeros(SafeFileHandle handle, int bytes)
    {
        var zeros = new byte[Math.Min(bytes, ChunkBytes)];
        for (var at = 0; at < bytes; at += zeros.Length)
        {
            RandomAccess.Write(handle, zeros.AsSpan(0, Math.Min(zeros.Length, bytes - at)), at);
        }
    }
}
