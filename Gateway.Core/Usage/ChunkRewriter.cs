using System.Buffers;

namespace Gateway.Core.Usage;

/// <summary>Writes an event without its usage, for a client that did not ask for one; every other byte stays.</summary>
public static class ChunkRewriter
{
    /// <summary>Writes the event that <see cref="StreamMeter.Observe"/> reported as <see cref="ChunkKind.ContentWithUsage"/>.</summary>
    public static void WriteWithoutUsage(in SseEvent sseEvent, in ChunkReport report, IBufferWriter<byte> output)
    {
        if (sseEvent.DataOffset >= 0)
        {
            var cut = sseEvent.DataOffset + report.UsageStart;
            output.Write(sseEvent.Raw[..cut]);
            output.Write(sseEvent.Raw[(cut + report.UsageLength)..]);
            return;
        }
        // Data from several lines: written as one. A line break between JSON tokens is white space.
        if (!sseEvent.Name.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(sseEvent.Name);
            output.Write("\n"u8);
        }
        output.Write("data: "u8);
        WriteAsOneLine(sseEvent.Data[..report.UsageStart], output);
        WriteAsOneLine(sseEvent.Data[(report.UsageStart + report.UsageLength)..], output);
        output.Write("\n\n"u8);
    }

    private static void WriteAsOneLine(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (text.IsEmpty)
        {
            return;
        }
        var target = output.GetSpan(text.Length);
        text.Replace(target[..text.Length], (byte)'\n', (byte)' ');
        output.Advance(text.Length);
    }
}
