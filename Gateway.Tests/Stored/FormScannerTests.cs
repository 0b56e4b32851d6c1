using System.Text;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Stored;

namespace Gateway.Tests.Stored;

/// <summary>A form that passes in pieces of any size is read as one that is held.</summary>
public sealed class FormScannerTests
{
    private const string Form =
        "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n"
        + "Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b\r\n"
        + "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\none\r\n--two\r\n-three\r\n\r\n--b--\r\n";

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5), InlineData(7), InlineData(64), InlineData(1_000)]
    public void Parts_are_the_same_wherever_it_is_cut(int size)
    {
        var (parts, refusal) = Read(Form, size);
        Assert.Null(refusal);
        Assert.Equal(["purpose=batch", "empty=", "file=one\r\n--two\r\n-three\r\n"], parts);
    }

    [Fact]
    public void Each_end_of_a_form_that_breaks_off_is_refused()
    {
        for (var length = 0; length < Form.Length - 4; length++)
        {
            Assert.NotNull(Read(Form[..length], 3).Refusal);
        }
    }

    [Theory]
    [InlineData("x--b\r\n")]
    [InlineData("--b \r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("--b\r\nX-Other: 1\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--\r\nmore")]
    public void What_others_might_read_otherwise_is_refused(string form) => Assert.NotNull(Read(form, 4).Refusal);

    private static (List<string> Parts, Refusal? Refusal) Read(string form, int size)
    {
        var sink = new Sink();
        using var scanner = new FormScanner("b", sink);
        foreach (var piece in Encoding.UTF8.GetBytes(form).Chunk(size))
        {
            if (scanner.Feed(piece) is { } refusal)
            {
                return (sink.Parts, refusal);
            }
        }
        return (sink.Parts, scanner.Finish());
    }

    private sealed class Sink : IFormSink
    {
        private readonly StringBuilder _text = new();

        public List<string> Parts { get; } = [];

        public Refusal? Begin(FormPart part)
        {
            _text.Clear().Append(part.Name).Append('=');
            return null;
        }

        public Refusal? Take(ReadOnlySpan<byte> bytes)
        {
            _text.Append(Encoding.UTF8.GetString(bytes));
            return null;
        }

        public Refusal? End()
        {
            Parts.Add(_text.ToString());
            return null;
        }
    }
}
