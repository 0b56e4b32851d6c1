using System.Text;

namespace Gateway.Tests.Fuzzing;

/// <summary>
/// Makes odd inputs of sound ones: broken UTF-8 and escapes, cut and doubled pieces, numbers beyond reason. The same seed makes the same
/// inputs.
/// </summary>
internal sealed class ByteMutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private const int LongestInput = 16 * 1024;

    private static readonly byte[][] Odd =
    [
        [0xFF],
        [0xC0, 0xAF],
        [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80],
        [0xE2, 0x82],
        [0x00],
        [0x80],
        [0xEF, 0xBB, 0xBF],
        .. new[]
        {
            "\\ud800",
            "\\udc00",
            "\\ud83d\\ude00",
            "\\u",
            "\\ud8",
            "\\",
            "\"",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "null",
            "true",
            "\"\"",
            "-1",
            "0",
            "1e400",
            "-0.0",
            "9223372036854775808",
            "1.5",
            "\n\n",
            "\r",
            "\r\n",
            "data: ",
            "event: error\n",
            "data: [DONE]\n\n",
            ": ping\n\n",
            "\"error\":",
            "\"usage\":",
            "\"choices\":[",
            "\"message\":",
            "\"code\":",
            "\"status\":",
            "\"prompt_tokens\":",
            "\"completion_tokens\":",
            "\"model_name\":",
            "\"input_cost_per_token\":",
            "b'\\x",
            "litellm.RateLimitError: ",
            "<title>",
            "\"loc\":[",
            "\"metadata\":{\"raw\":",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var input = Pick(corpus).ToList();
        for (var changes = _random.Next(1, 6); changes > 0; changes--)
        {
            Change(input);
        }
        return input.Count <= LongestInput ? [.. input] : [.. input.Take(LongestInput)];
    }

    /// <summary>A place to cut an input in two.</summary>
    public int Cut(byte[] input) => _random.Next(input.Length + 1);

    private void Change(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        var length = Math.Min(_random.Next(1, 40), input.Count - at);
        switch (_random.Next(7))
        {
            case 0 when at < input.Count:
                input[at] = (byte)_random.Next(256);
                break;
            case 1:
                input.RemoveRange(at, length);
                break;
            case 2:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case 3:
                var other = Pick(corpus);
                input.InsertRange(at, other.Skip(_random.Next(other.Length + 1)).Take(200));
                break;
            case 4 when _random.Next(4) == 0:
                input.RemoveRange(at, input.Count - at);
                break;
            default:
                input.InsertRange(at, Pick(Odd));
                break;
        }
    }

    private byte[] Pick(IReadOnlyList<byte[]> from) => from[_random.Next(from.Count)];
}
