using System.Text;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;

namespace Gateway.Tests.Bodies;

/// <summary>Forms in the one form that all readers take for the same; each other is refused.</summary>
public sealed class FormReaderTests
{
    private const string Model = "Content-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n";
    private const string File = "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nx\r\n";

    private static readonly RequestReader Reader = new(new BodyOptions());

    [Theory]
    [InlineData($"--b\r\n{Model}--b\r\n{File}--b--\r\n")]
    [InlineData($"--b\r\n{File}--b\r\n{Model}--b--")]
    [InlineData($"--b\r\n{File}--b\r\ncontent-disposition: form-data; name=model\r\n\r\nm\r\n--b--")]
    [InlineData(
        $"--b\r\n{File}--b\r\nContent-Disposition: form-data; name=model\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nm\r\n--b--"
    )]
    [InlineData(
        $"--b\r\nContent-Disposition: form-data; name=file; filename=a.wav; filename*=utf-8''a.wav\r\n\r\nx\r\n--b\r\n{Model}--b--"
    )]
    public void Form_is_read(string form)
    {
        Assert.True(TryRead(form, out var members, out var refusal), refusal?.Message);
        Assert.Equal(("m", "m"), (members.Model, form.Substring(members.ModelRange.Offset, members.ModelRange.Length)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData($"preamble\r\n--b\r\n{Model}--b--")]
    [InlineData($"--b\r\n{Model}--b--\r\nmore")]
    [InlineData($"--b\r\n{Model}")]
    [InlineData($"--b \r\n{Model}--b--")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"model\"\n\nm\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data\r\n\r\nm\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"model\"; name=\"n\"\r\n\r\nm\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"mo\\\"del\"\r\n\r\nm\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"model\"\r\nContent-Transfer-Encoding: base64\r\n\r\nbQ==\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"model\"\r\nX-Other: 1\r\n\r\nm\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: attachment; name=\"model\"\r\n\r\nm\r\n--b--")]
    [InlineData("--b\r\n\r\nm\r\n--b--")]
    public void Form_that_others_might_read_otherwise_is_refused(string form)
    {
        Assert.False(TryRead(form, out _, out var refusal));
        Assert.Contains(refusal!.Code, (string[])["invalid_form", "empty_body"]);
    }

    [Fact]
    public void Member_given_twice_is_refused()
    {
        Assert.False(TryRead($"--b\r\n{Model}--b\r\n{Model}--b--", out _, out var refusal));
        Assert.Equal("duplicate_member", refusal!.Code);
    }

    [Fact]
    public void Form_that_breaks_off_anywhere_is_refused()
    {
        const string Whole = $"--b\r\n{File}--b\r\n{Model}--b--";
        for (var end = 0; end < Whole.Length; end++)
        {
            Assert.False(TryRead(Whole[..end], out _, out _));
        }
    }

    [Fact]
    public void Form_of_any_bytes_is_read_or_refused_and_never_throws()
    {
        var random = new Random(7);
        byte[][] pieces =
        [
            "\r\n"u8.ToArray(),
            "--b"u8.ToArray(),
            "--"u8.ToArray(),
            "; name="u8.ToArray(),
            "\""u8.ToArray(),
            [0],
            [0xFF],
            ":"u8.ToArray(),
        ];
        for (var round = 0; round < 5_000; round++)
        {
            List<byte> form = [.. Encoding.UTF8.GetBytes($"--b\r\n{File}--b\r\n{Model}--b--")];
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                var at = random.Next(form.Count);
                if (random.Next(2) == 0)
                {
                    form.RemoveRange(at, Math.Min(random.Next(1, 9), form.Count - at));
                }
                else
                {
                    form.InsertRange(at, pieces[random.Next(pieces.Length)]);
                }
            }
            var bytes = form.ToArray();
            var isRead = Reader.TryReadForm(bytes, "b", ApiTable.Transcriptions, out var members, out var refusal);
            Assert.Equal(isRead, refusal is null);
            Assert.True(!isRead || members.ModelRange.Offset + members.ModelRange.Length <= bytes.Length);
        }
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=b", "b")]
    [InlineData("multipart/form-data; boundary=\"a b\"", null)]
    [InlineData("multipart/form-data; boundary=\"x=y\"; charset=utf-8", "x=y")]
    [InlineData("Multipart/Form-Data; Boundary=b", "b")]
    [InlineData("multipart/form-data", null)]
    [InlineData("multipart/form-data; boundary=b; boundary=c", null)]
    [InlineData("multipart/mixed; boundary=b", null)]
    [InlineData("application/json", null)]
    [InlineData(null, null)]
    public void Boundary_is_that_of_the_content_type(string? type, string? boundary) => Assert.Equal(boundary, FormBoundary.Of(type));

    private static bool TryRead(string form, out RequestMembers members, out Refusal? refusal) =>
        Reader.TryReadForm(Encoding.UTF8.GetBytes(form), "b", ApiTable.Transcriptions, out members, out refusal);
}
