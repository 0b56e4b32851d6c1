using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>What goes upstream is what came, byte for byte, but for the edits.</summary>
public sealed class BodyPassThroughTests
{
    private const string OddMembers =
        """, "future" : {"b":1.10,"a":1e5,"big":123456789012345678901234567890,"neg":-0.0} ,"text":"\u00e9é\/\n","x":[ 1,  2.50 , null ]""";

    private static readonly RequestReader Reader = new(new BodyOptions());

    [Fact]
    public void Any_body_goes_out_as_it_came_when_nothing_is_edited() =>
        Prop.ForAll(
                Bodies(),
                Pieces(),
                (body, piece) =>
                {
                    using var read = Read(body);
                    Assert.Equal(body, Send(read, piece));
                    Assert.Equal(body.Length, read.EditedLength);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_edited_model_changes_its_own_bytes_and_no_others() =>
        Prop.ForAll(
                Bodies(),
                Pieces(),
                (body, piece) =>
                {
                    using var read = Read(body);
                    var range = read.Members.ModelRange;
                    read.Edit(new BodyEdit(range.Offset, range.Length, "\"another name\""u8.ToArray()));
                    byte[] expected =
                    [
                        .. body.AsSpan(0, range.Offset),
                        .. "\"another name\""u8,
                        .. body.AsSpan(range.Offset + range.Length),
                    ];
                    Assert.Equal(expected, Send(read, piece));
                    Assert.Equal(expected.Length, read.EditedLength);
                    Assert.Equal("\"model-x\"", Encoding.UTF8.GetString(body, range.Offset, range.Length));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Edits_are_put_in_at_their_places_whatever_the_order_they_are_made_in() =>
        Prop.ForAll(
                EditSets(),
                Pieces(),
                (edits, piece) =>
                {
                    var source = Enumerable.Range(0, 100).Select(i => (byte)i).ToArray();
                    using var body = new RequestBody(Rent(source), source.Length, default);
                    foreach (var edit in edits.OrderBy(e => e.Replacement.Length))
                    {
                        body.Edit(edit);
                    }
                    List<byte> expected = [];
                    var at = 0;
                    foreach (var edit in edits.OrderBy(e => e.Offset))
                    {
                        expected.AddRange(source[at..edit.Offset]);
                        expected.AddRange(edit.Replacement.ToArray());
                        at = edit.Offset + edit.Length;
                    }
                    expected.AddRange(source[at..]);
                    Assert.Equal(expected, Send(body, piece));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public async Task Unknown_members_and_number_formats_reach_the_upstream_byte_for_byte()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(upstream);
        var body = InferenceCalls.Chat("fake", OddMembers);
        await hub.Client.ChatAsync(body);
        Assert.Equal(body, upstream.Calls.Single().Text);
    }

    [Fact]
    public async Task A_chunked_body_reaches_the_upstream_with_its_length()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(upstream);
        var body = InferenceCalls.Chat("fake", $",\"pad\":\"{new string('é', 300_000)}\"");
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, body);
        request.Headers.TransferEncodingChunked = true;
        await hub.Client.SendAsync(request);
        var call = upstream.Calls.Single();
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(body)), SHA256.HashData(call.Body));
        Assert.Equal(call.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), call.Headers["content-length"]);
    }

    [Theory]
    [InlineData("", ",\"stream_options\":{\"include_usage\":true}")]
    [InlineData(",\"stream_options\":null", null)]
    [InlineData(",\"stream_options\":{ }", null)]
    [InlineData(",\"stream_options\":{\"x\":1.0}", null)]
    [InlineData(",\"stream_options\":{\"include_usage\":false,\"x\":1.0}", null)]
    [InlineData(",\"stream_options\":{\"include_usage\":null}", null)]
    public async Task A_stream_is_asked_for_its_usage(string options, string? inserted)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(upstream);
        await hub.Client.ChatAsync(InferenceCalls.Stream("fake", options + OddMembers));
        var sent = upstream.Calls.Single().Text;
        using var document = System.Text.Json.JsonDocument.Parse(sent);
        Assert.True(document.RootElement.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Single(document.RootElement.EnumerateObject(), m => m.Name == "stream_options");
        Assert.Equal(
            options.Contains("\"x\"", StringComparison.Ordinal),
            document.RootElement.GetProperty("stream_options").TryGetProperty("x", out _)
        );
        Assert.Contains(OddMembers, sent, StringComparison.Ordinal);
        if (inserted is not null)
        {
            Assert.Equal(
                InferenceCalls.Stream("fake", OddMembers).Replace("\"fake\"", "\"fake\"" + inserted, StringComparison.Ordinal),
                sent
            );
        }
    }

    [Fact]
    public async Task A_stream_that_asks_for_its_usage_goes_out_as_it_came()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(upstream);
        var body = InferenceCalls.Stream("fake", ",\"stream_options\":{\"include_usage\":true, \"y\":[]}");
        await hub.Client.ChatAsync(body);
        Assert.Equal(body, upstream.Calls.Single().Text);
    }

    private static Task<HubHost> StartAsync(FakeUpstream upstream) =>
        HubHost.StartAsync(settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = upstream.Address.ToString() });

    private static RequestBody Read(byte[] body)
    {
        Assert.True(Reader.TryRead(body, ApiTable.Chat, out var members, out var refusal), refusal?.Message);
        return new RequestBody(Rent(body), body.Length, members);
    }

    private static byte[] Rent(byte[] bytes)
    {
        var pooled = System.Buffers.ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(pooled, 0);
        return pooled;
    }

    private static byte[] Send(RequestBody body, int piece)
    {
        using var stream = new EditedBodyStream(body);
        var sent = new MemoryStream();
        var buffer = new byte[piece];
        while (stream.Read(buffer) is var read and > 0)
        {
            sent.Write(buffer, 0, read);
        }
        return sent.ToArray();
    }

    private static Arbitrary<int> Pieces() => Gen.Choose(1, 300).ToArbitrary();

    // Members that decide what a call can cost may stand only once; others as often as a client likes.
    private static Arbitrary<byte[]> Bodies() =>
        (
            from known in Gen.Shuffle(new[] { "user", "tools", "messages", "response_format" })
            from split in Gen.Choose(0, 4)
            from first in Members(known.Take(split))
            from second in Members(known.Skip(split))
            from before in Gen.ListOf(Member())
            from after in Gen.ListOf(Member())
            from space in Space()
            let ahead = before.Concat(first)
            let behind = after.Concat(second)
            select Encoding.UTF8.GetBytes(
                $"{space}{{{string.Join("", ahead.Select(m => m + ","))}\"model\"{space}:{space}\"model-x\"{string.Join("", behind.Select(m => "," + m))}{space}}}{space}"
            )
        ).ToArbitrary();

    private static Gen<IEnumerable<string>> Members(IEnumerable<string> names) =>
        names.Aggregate(
            Gen.Constant(Enumerable.Empty<string>()),
            (all, name) => from others in all from member in Member(name) select others.Append(member)
        );

    private static Gen<string> Member() => from name in Gen.Elements("x", "é", "\\u00e9", "") from member in Member(name) select member;

    private static Gen<string> Member(string name) =>
        from space in Space()
        from value in Value(3)
        select $"\"{name}\"{space}:{space}{value}";

    private static Gen<string> Value(int depth) =>
        depth == 0
            ? Scalar()
            : Gen.OneOf(
                Scalar(),
                from items in Gen.ListOf(Value(depth - 1))
                select $"[{string.Join(" ,", items.Take(4))}]",
                from items in Gen.ListOf(Value(depth - 1))
                select $"{{{string.Join(", ", items.Take(4).Select((v, i) => $"\"m{i}\":{v}"))}}}"
            );

    private static Gen<string> Scalar() =>
        Gen.Elements(
            "0",
            "-0",
            "1.0",
            "1e5",
            "1E-7",
            "123456789012345678901234567890",
            "true",
            "false",
            "null",
            "\"\"",
            "\"text\"",
            "\"\\ud83d\\ude80\"",
            "\"é🚀\"",
            "\"\\\"\\\\\\/\\n\"",
            "\"model\""
        );

    private static Gen<string> Space() => Gen.Elements("", " ", "\n", "\t ", "\r\n");

    private static Arbitrary<BodyEdit[]> EditSets() =>
        (
            from starts in Gen.Shuffle(new[] { 0, 13, 26, 39, 52, 65, 78, 91 })
            from count in Gen.Choose(0, 8)
            from length in Gen.Choose(0, 9)
            from inserted in Gen.Choose(0, 30)
            select starts
                .Take(count)
                .Select((start, i) => new BodyEdit(start, length, Enumerable.Repeat((byte)(200 + i), (inserted + (i * 7)) % 31).ToArray()))
                .ToArray()
        ).ToArbitrary();
}
