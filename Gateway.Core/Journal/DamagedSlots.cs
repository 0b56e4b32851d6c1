using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Journal;

/// <summary>
/// Sets slots aside that cannot be believed: <c>damaged-&lt;segment&gt;.bin</c> has them where they stood in the segment, and holes
/// elsewhere, so that somebody can look at them when the segment is gone. Made only when there is something to set aside.
/// </summary>
internal sealed class DamagedSlots(SegmentFile segment) : IDisposable
{
    private SafeFileHandle? _handle;
    private long _end = -1;

    public string Path { get; } =
        System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(segment.Path)!,
            $"damaged-{System.IO.Path.GetFileNameWithoutExtension(segment.Path)}.bin"
        );

    /// <summary>Runs of slots that were set aside.</summary>
    public int Places { get; private set; }

    public void SetAside(long offset, ReadOnlySpan<byte> slots)
    {
        _handle ??= File.OpenHandle(Path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(_handle, slots, offset);
        Places += offset == _end ? 0 : 1;
        _end = offset + slots.Length;
    }

    public void Dispose()
    {
        if (_handle is not null)
        {
            RandomAccess.FlushToDisk(_handle);
            _handle.Dispose();
        }
    }
}
