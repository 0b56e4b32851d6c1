using System.Buffers.Binary;
using System.Text;

namespace Gateway.Tests.Support;

/// <summary>Reads protobuf without a schema: fields by number, in order.</summary>
internal static class ProtobufReader
{
    public static IEnumerable<(int Field, ReadOnlyMemory<byte> Bytes, ulong Number)> Fields(ReadOnlyMemory<byte> message)
    {
        while (message.Length > 0)
        {
            var key = Varint(ref message);
            switch (key & 7)
            {
                case 0:
                    yield return ((int)(key >> 3), default, Varint(ref message));
                    break;
                case 1:
                    yield return ((int)(key >> 3), message[..8], BinaryPrimitives.ReadUInt64LittleEndian(message.Span));
                    message = message[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref message);
                    yield return ((int)(key >> 3), message[..length], 0);
                    message = message[length..];
                    break;
                case 5:
                    yield return ((int)(key >> 3), message[..4], BinaryPrimitives.ReadUInt32LittleEndian(message.Span));
                    message = message[4..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7}.");
            }
        }
    }

    public static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field) =>
        Fields(message).Where(f => f.Field == field).Select(f => f.Bytes);

    public static string Text(ReadOnlyMemory<byte> message, int field) =>
        Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault().Span);

    public static string Hex(ReadOnlyMemory<byte> message, int field) =>
        Convert.ToHexStringLower(Messages(message, field).FirstOrDefault().Span);

    private static ulong Varint(ref ReadOnlyMemory<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes.Span[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
