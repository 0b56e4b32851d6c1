using System.Text;
using Gateway.Upstream;

namespace Gateway.Tests.Upstream;

/// <summary>Lines of a service of the kind <c>generate_ndjson</c>, however they come in, as OpenAI's answer.</summary>
public sealed class GenerateAnswerTests
{
    private const int LongestLine = 1_000;

    [Theory, InlineData(1), InlineData(7), InlineData(10_000)]
    public async Task Pieces_of_any_size_make_the_same_answer(int pieceBytes)
    {
        const string Lines = "{\"token\":\"При\"}\r\n\n{\"token\":\"вет \\\"\\n\"}\n{\"token\":\"\"}\n{\"done\":true}\nignored";
        Assert.Contains("\"content\":\"Привет \\\"\\n\"}", await ReadAsync(Lines, isStream: false, pieceBytes), StringComparison.Ordinal);
        var stream = await ReadAsync(Lines, isStream: true, pieceBytes);
        Assert.Equal(4, stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length); // two texts, the reason, [DONE]
        Assert.EndsWith("\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n", stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_line_may_lack_its_line_feed() =>
        Assert.EndsWith("[DONE]\n\n", await ReadAsync("{\"token\":\"a\"}\n{\"done\":true}", isStream: true), StringComparison.Ordinal);

    [Fact]
    public async Task A_stream_without_its_last_line_ends_without_DONE_and_a_plain_answer_is_broken()
    {
        Assert.DoesNotContain("[DONE]", await ReadAsync("{\"token\":\"a\"}\n", isStream: true), StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => ReadAsync("{\"token\":\"a\"}\n", isStream: false));
    }

    [Theory, InlineData("{\"error\":\"out of memory\"}"), InlineData("{\"error\":{\"message\":\"out of memory\"}}")]
    public async Task An_error_is_told_in_the_form_of_OpenAI(string line)
    {
        const string Error = "{\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\",\"code\":null}}";
        Assert.Equal(Error, await ReadAsync(line + "\n", isStream: false));
        Assert.EndsWith(
            $"data: {Error}\n\n",
            await ReadAsync("{\"token\":\"a\"}\n" + line + "\n", isStream: true),
            StringComparison.Ordinal
        );
        await Assert.ThrowsAsync<IOException>(() => ReadAsync("{\"token\":\"a\"}\n" + line + "\n", isStream: false));
    }

    [Fact]
    public async Task What_is_no_line_of_JSON_or_has_no_end_breaks_the_answer()
    {
        await Assert.ThrowsAsync<IOException>(() => ReadAsync("<html>\n", isStream: true));
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(new string(' ', 2 * LongestLine), isStream: true, pieceBytes: LongestLine));
    }

    private static async Task<string> ReadAsync(string lines, bool isStream, int pieceBytes = 10_000)
    {
        await using var source = new PiecedStream(Encoding.UTF8.GetBytes(lines), pieceBytes);
        await using var answer = new GenerateAnswer(source, isStream, "m", DateTimeOffset.UnixEpoch, LongestLine);
        using var all = new MemoryStream();
        await answer.CopyToAsync(all);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    private sealed class PiecedStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
