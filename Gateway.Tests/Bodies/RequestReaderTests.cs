using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;

namespace Gateway.Tests.Bodies;

public sealed class RequestReaderTests
{
    private static readonly RequestReader Reader = new(new BodyOptions());

    [Fact]
    public void The_members_that_decide_are_read_wherever_they_stand()
    {
        var members = Read(
            """{"n":3,"stream_options":{"include_usage":true},"max_completion_tokens":77,"x":[{"model":"inner","stream":false}],"stream":true,"model":"a\u0062"}"""
        );
        Assert.Equal(
            ("ab", true, true, 77L, 3),
            (members.Model, members.Stream, members.IncludeUsage, members.MaxOutputTokens, members.Choices)
        );
    }

    [Fact]
    public void Absent_members_have_the_apis_own_defaults()
    {
        var members = Read("""{"model":"m"}""");
        Assert.Equal((false, false, null, 1), (members.Stream, members.IncludeUsage, members.MaxOutputTokens, members.Choices));
        Assert.True(members.StreamOptionsRange.IsEmpty);
    }

    [Fact]
    public void Best_of_counts_as_choices_when_it_is_more() => Assert.Equal(5, Read("""{"model":"m","n":2,"best_of":5}""").Choices);

    [Fact]
    public void An_api_that_does_not_stream_leaves_stream_alone()
    {
        Assert.True(Reader.TryRead("""{"model":"m","stream":"odd","stream":1}"""u8, ApiTable.Embeddings, out var members, out _));
        Assert.False(members.Stream);
    }

    [Theory, InlineData(127, true), InlineData(128, false)]
    public void Nesting_is_bounded_by_the_option(int arrays, bool fits) =>
        Assert.Equal(fits, TryRead($"{{\"model\":\"m\",\"x\":{new string('[', arrays)}{new string(']', arrays)}}}", out _));

    [Fact]
    public void No_bytes_make_the_reader_throw() =>
        Prop.ForAll(
                Gen.OneOf(ArbMap.Default.GeneratorFor<byte[]>(), Broken()).ToArbitrary(),
                bytes =>
                {
                    var read = Reader.TryRead(bytes, ApiTable.Chat, out var members, out var refusal);
                    Assert.Equal(read, refusal is null);
                    Assert.True(read ? members.Model.Length > 0 : refusal!.Status == 400);
                }
            )
            .QuickCheckThrowOnFailure();

    // Real bodies with one byte changed: they come further into the reader than random bytes do.
    private static Gen<byte[]> Broken() =>
        from body in Gen.Elements(
            """{"model":"m","stream":true,"stream_options":{"include_usage":false},"metadata":{"a":1},"n":2}""",
            """{"model":"\ud83d\ude80","max_tokens":5,"x":[1,{"y":"\u00e9"}],"metadata":null}"""
        )
        from at in Gen.Choose(0, body.Length - 1)
        from value in Gen.Choose(0, 255)
        select Encoding.UTF8.GetBytes(body).Select((b, i) => i == at ? (byte)value : b).ToArray();

    private static RequestMembers Read(string body)
    {
        Assert.True(Reader.TryRead(Encoding.UTF8.GetBytes(body), ApiTable.Chat, out var members, out var refusal), refusal?.Message);
        return members;
    }

    private static bool TryRead(string body, out Refusal? refusal) =>
        Reader.TryRead(Encoding.UTF8.GetBytes(body), ApiTable.Chat, out _, out refusal);
}
