using System.Buffers.Binary;
using Gateway.Core.Journal;

namespace Gateway.Tests.Journal;

/// <summary>A segment in any state: no exception, no invented record, and everything that is whole is found.</summary>
public sealed class DamageTests : IDisposable
{
    private const int SegmentBytes = 4_096;
    private const int CallCount = 3;

    // In memory where there is such a place: thousands of replays, each of which syncs what it sets aside.
    private readonly TestJournal _test = Directory.Exists("/dev/shm")
        ? new TestJournal("/dev/shm/hub-journal-" + Guid.NewGuid().ToString("N"))
        : new TestJournal();
    private readonly Guid[] _ids = [.. Enumerable.Range(0, CallCount).Select(_ => Guid.CreateVersion7())];
    private readonly string _segment;
    private readonly byte[] _bytes;
    private readonly List<(int Offset, int Bytes)> _records = [];

    public DamageTests()
    {
        using (var journal = _test.Open(SegmentBytes))
        {
            foreach (var id in _ids)
            {
                Assert.True(journal.TrySettle(Calls.Usage(id), journal.TryHold(Calls.Hold(id)).Position).IsPublished);
            }
        }
        Assert.Equal(CallCount, _test.Read().Settled.Count);
        _segment = _test.Segments[0];
        _bytes = File.ReadAllBytes(_segment);
        for (var at = 0; RecordHeader.MagicAt(_bytes.AsSpan(at)) == RecordHeader.Published; )
        {
            var length = RecordHeader.Read(_bytes.AsSpan(at)).PayloadLength;
            _records.Add((at, RecordHeader.Bytes + length));
            at += RecordHeader.SlotsFor(length) * RecordHeader.SlotBytes;
        }
        Assert.Equal(2 * CallCount, _records.Count);
    }

    [Fact]
    public void Cut_at_any_byte_it_gives_every_record_that_is_whole_and_sets_the_cut_one_aside()
    {
        for (var length = 0; length <= _bytes.Length; length++)
        {
            File.WriteAllBytes(_segment, _bytes[..length]);
            var found = _test.Read();
            var whole = _records.Count(r => r.Offset + r.Bytes <= length);
            var isCut = _records.Any(r => r.Offset < length && length < r.Offset + r.Bytes);
            Assert.Equal((whole, isCut ? 1 : 0), ((int)found.Report.Records, found.Report.DamagedPlaces));
            Assert.Equal(_ids.Take(whole / 2), found.SettledIds);
            Assert.Equal(_ids.Skip(whole / 2).Take(whole % 2), found.OpenIds);
        }
    }

    [Theory, InlineData(0x01), InlineData(0x80), InlineData(0xFF)]
    public void With_any_byte_flipped_every_other_record_is_found_and_none_is_invented(byte flip)
    {
        for (var at = 0; at < _bytes.Length; at++)
        {
            var bytes = (byte[])_bytes.Clone();
            bytes[at] ^= flip;
            File.WriteAllBytes(_segment, bytes);
            var found = _test.Read();
            var hit = _records.FindIndex(r => r.Offset <= at && at < r.Offset + r.Bytes);
            var isState = hit >= 0 && at - _records[hit].Offset is >= RecordHeader.StateAt and < RecordHeader.StateAt + 4;
            Assert.Equal(_records.Count - (hit < 0 || isState ? 0 : 1), found.Report.Records);
            Assert.Equal(hit < 0 || isState || hit % 2 == 0 ? _ids : _ids.Where((_, i) => i != hit / 2), found.SettledIds);
            Assert.Equal(hit % 2 == 1 && !isState ? [_ids[hit / 2]] : [], found.OpenIds);
            Assert.All(found.Settled, usage => Assert.Equivalent(Calls.Usage(Guid.Parse(usage.Id)), usage, strict: true));
            if (hit >= 0 && !isState)
            {
                Assert.Equal(1, found.Report.DamagedPlaces);
            }
        }
    }

    [Fact]
    public void What_is_set_aside_stands_in_a_file_of_its_own_where_it_stood()
    {
        var (offset, length) = _records[2];
        var bytes = (byte[])_bytes.Clone();
        bytes[offset + length - 1] ^= 1;
        File.WriteAllBytes(_segment, bytes);
        var path = Assert.Single(_test.Read().Report.DamagedFiles);
        Assert.StartsWith("damaged-", Path.GetFileName(path), StringComparison.Ordinal);
        Assert.EndsWith(".bin", path, StringComparison.Ordinal);
        Assert.Equal(bytes[offset..(offset + length)], File.ReadAllBytes(path)[offset..(offset + length)]);
        Assert.All(File.ReadAllBytes(path)[..offset], b => Assert.Equal(0, b));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Behind_a_place_that_was_taken_and_not_published_every_record_is_found(bool wasWritten)
    {
        foreach (var (offset, length) in _records)
        {
            // A writer that was stopped right before the last store, and one that was stopped right after the first addition.
            var bytes = (byte[])_bytes.Clone();
            bytes.AsSpan(offset, wasWritten ? sizeof(uint) : length).Clear();
            File.WriteAllBytes(_segment, bytes);
            var found = _test.Read();
            Assert.Equal(_records.Count - 1, found.Report.Records);
            Assert.Equal(0, found.Report.DamagedPlaces);
            Assert.Equal(wasWritten || offset != _records[^1].Offset ? 1 : 0, found.Report.UnpublishedPlaces);
        }
    }

    [Fact]
    public void A_writer_that_was_stopped_in_the_middle_of_its_payload_is_no_damage()
    {
        var (offset, length) = _records[1];
        for (var written = RecordHeader.Bytes; written < length; written++)
        {
            var bytes = (byte[])_bytes.Clone();
            bytes.AsSpan(offset, sizeof(uint)).Clear();
            bytes.AsSpan(offset + written, length - written).Clear();
            File.WriteAllBytes(_segment, bytes);
            var report = _test.Read().Report;
            Assert.Equal((_records.Count - 1, 1, 0), ((int)report.Records, report.UnpublishedPlaces, report.DamagedPlaces));
        }
    }

    [Fact]
    public void A_record_that_stands_in_another_place_or_segment_is_not_believed()
    {
        var (offset, _) = _records[0];
        var moved = new byte[SegmentBytes];
        _bytes.AsSpan(offset, _records[1].Offset).CopyTo(moved.AsSpan(1_024));
        File.WriteAllBytes(_segment, moved);
        Assert.Equal((0, 1), ((int)_test.Read().Report.Records, _test.Read().Report.DamagedPlaces));
        File.Delete(_segment);
        File.WriteAllBytes(Path.Combine(_test.Path, "0000000001-00000000deadbeef.segment"), _bytes);
        Assert.Equal(0, _test.Read().Report.Records);
        Assert.NotEqual(0, _test.Read().Report.DamagedPlaces);
    }

    [Fact]
    public void A_record_of_a_later_version_is_set_aside_and_not_dropped()
    {
        var (offset, length) = _records[3];
        var bytes = (byte[])_bytes.Clone();
        var place = bytes.AsSpan(offset, length);
        place[RecordHeader.Bytes] = 2;
        RecordHeader.Read(place).Write(place, RecordHeader.ChecksumOf(place[RecordHeader.Bytes..]));
        File.WriteAllBytes(_segment, bytes);
        var found = _test.Read();
        Assert.Equal((1, 5), (found.Report.DamagedPlaces, (int)found.Report.Records));
        Assert.Equal([_ids[1]], found.OpenIds);
    }

    [Fact]
    public void Noise_is_read_without_an_exception_and_gives_nothing()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(10_000)];
            random.NextBytes(bytes);
            for (var at = 0; at + 64 < bytes.Length; at += 64 * random.Next(1, 5))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), random.Next(2) == 0 ? 0 : RecordHeader.Published);
            }
            File.WriteAllBytes(_segment, bytes);
            var found = _test.Read();
            Assert.Equal((0L, 0, 0), (found.Report.Records, found.Settled.Count, found.OpenHolds.Count));
        }
    }

    public void Dispose() => _test.Dispose();
}
