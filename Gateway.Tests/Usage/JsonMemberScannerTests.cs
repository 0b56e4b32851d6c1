using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Usage;

namespace Gateway.Tests.Usage;

public sealed class JsonMemberScannerTests
{
    private const string Answer = """
        {"id":"chatcmpl-\u00e91","model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"H\u00e4llo \ud83d\ude00 \"x\"\n",
         "tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\":1}"}}]}}],"usage":{"prompt_tokens":1.5e1,"details":{"a":[1,-2,null,true]}},
         "service_tier":"flex","error":null}
        """;

    [Fact]
    public void Members_of_the_root_are_kept_as_they_came()
    {
        var scanner = Scan(Answer);
        Assert.Equal(JsonScanState.Complete, scanner.Status);
        Assert.Equal(JsonRoot.Object, scanner.Root);
        Assert.Equal("\"chatcmpl-\\u00e91\"", Text(scanner, AnswerMember.Id));
        Assert.Equal("\"m\"", Text(scanner, AnswerMember.Model));
        Assert.Equal("\"flex\"", Text(scanner, AnswerMember.ServiceTier));
        Assert.Equal("""{"prompt_tokens":1.5e1,"details":{"a":[1,-2,null,true]}}""", Text(scanner, AnswerMember.Usage));
        Assert.Equal("null", Text(scanner, AnswerMember.Error));
        Assert.False(scanner.Has(AnswerMember.Error));
        Assert.True(scanner.Has(AnswerMember.Usage));
    }

    [Fact]
    public void Generated_text_is_counted_in_unescaped_UTF_8_bytes() =>
        Assert.Equal(Encoding.UTF8.GetByteCount("Hällo \U0001F600 \"x\"\n" + "f" + "{\"a\":1}"), Scan(Answer).ContentBytes);

    [Fact]
    public void Members_deeper_down_are_not_taken_for_those_of_the_root()
    {
        var scanner = Scan("""{"x":{"usage":{"prompt_tokens":1},"error":1},"choices":[{"usage":2,"id":"z"}]}""");
        Assert.False(scanner.Has(AnswerMember.Usage) || scanner.Has(AnswerMember.Error) || scanner.Has(AnswerMember.Id));
    }

    [Fact]
    public void A_name_is_compared_after_unescaping()
    {
        Assert.True(Scan("""{"us\u0061ge":{}}""").Has(AnswerMember.Usage));
        Assert.False(Scan("""{"choices":[{"\text":"a"}]}""").HasContent); // that is a tab and "ext"
    }

    [Theory]
    [InlineData("""{"choices":[{"finish_reason":"stop"},{"finish_reason":"length"}]}""", FinishReasons.Stop | FinishReasons.Length)]
    [InlineData(
        """{"choices":[{"finish_reason":"tool_calls"},{"finish_reason":"content_filter"},{"finish_reason":"function_call"}]}""",
        FinishReasons.ToolCalls | FinishReasons.ContentFilter | FinishReasons.FunctionCall
    )]
    [InlineData("""{"choices":[{"finish_reason":"st\u006fp"}]}""", FinishReasons.Stop)]
    [InlineData("""{"choices":[{"finish_reason":"a_reason_that_is_longer_than_any_name_of_ours"}]}""", FinishReasons.Other)]
    [InlineData(
        """{"choices":[{"finish_reason":null},{"finish_reason":""},{"message":{"finish_reason":"stop"}}],"finish_reason":"stop"}""",
        FinishReasons.None
    )]
    public void The_reasons_of_all_choices_are_kept_however_the_bytes_are_cut(string json, FinishReasons reasons)
    {
        Assert.Equal(reasons, Scan(json).FinishReasons);
        var scanner = new JsonMemberScanner();
        foreach (var b in Encoding.UTF8.GetBytes(json))
        {
            scanner.Feed([b]);
        }
        Assert.Equal(reasons, scanner.FinishReasons);
    }

    [Fact]
    public void Of_a_member_given_twice_the_last_counts() => Assert.Equal("2", Text(Scan("""{"usage":1,"usage":2}"""), AnswerMember.Usage));

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"a"}}]}""", 1)]
    [InlineData("""{"choices":[{"delta":{"content":"\u20ac"}}]}""", 3)]
    [InlineData("""{"choices":[{"message":{"content":[{"type":"text","text":"ab"}]}}]}""", 2)]
    [InlineData("""{"choices":[{"message":{"content":null,"refusal":"no"}}]}""", 2)]
    [InlineData("""{"choices":[{"message":{"reasoning_content":"hm"}}]}""", 2)]
    [InlineData("""{"choices":[{"message":{"function_call":{"name":"f","arguments":"{}"}}}]}""", 3)]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"type":"custom","custom":{"name":"f","input":"xy"}}]}}]}""", 3)]
    [InlineData("""{"choices":[{"message":{"audio":{"id":"a","data":"AAAA","transcript":"hey"}}}]}""", 3)]
    [InlineData("""{"choices":[{"message":{"images":[{"image_url":{"url":"data:..."}}]}}]}""", 0)]
    [InlineData("""{"choices":[{"text":"abc"}]}""", 3)]
    [InlineData("""{"data":[{"embedding":[0.5,-0.25]}]}""", 0)]
    [InlineData("""{"data":[{"embedding":"AAAA"}]}""", 0)]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.9}]}""", 0)]
    [InlineData("""{"text":"spoken"}""", 6)]
    [InlineData(
        """{"output":[{"type":"message","content":[{"type":"output_text","text":"abc"}]},{"type":"function_call","name":"f","arguments":"{}"}]}""",
        6
    )]
    [InlineData("""{"content":[{"type":"text","text":"abc"},{"type":"thinking","thinking":"hm","signature":"zzz"}]}""", 5)]
    public void Content_is_found_in_every_place_it_can_be(string json, int bytes)
    {
        var scanner = Scan(json);
        Assert.True(scanner.HasContent);
        Assert.Equal(bytes, scanner.ContentBytes);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{}}]}""")]
    [InlineData("""{"choices":[{"message":{"role":"assistant","content":""}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":null,"tool_calls":[],"refusal":null}}]}""")]
    [InlineData("""{"choices":[{"text":""}]}""")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"content":"a"}""")]
    [InlineData("""{"message":{"content":"a"},"x":[{"message":{"content":"a"}}]}""")]
    [InlineData("""[{"choices":[{"message":{"content":"a"}}]}]""")]
    public void Nothing_generated_is_no_content(string json) => Assert.False(Scan(json).HasContent);

    [Theory]
    [InlineData("{\"a\":1}", "Object")]
    [InlineData(" [1, 2] ", "Array")]
    [InlineData("\"a\"", "String")]
    [InlineData("-12.5e-3", "Number")]
    [InlineData("true", "Boolean")]
    [InlineData("null", "Null")]
    public void Any_whole_JSON_is_complete_and_its_root_is_told(string json, string root)
    {
        var scanner = Scan(json);
        Assert.Equal(JsonScanState.Complete, scanner.Status);
        Assert.Equal(root, scanner.Root.ToString());
    }

    [Theory]
    [InlineData("{\"a\":1}x")]
    [InlineData("{\"a\":1}{}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("[1 2]")]
    [InlineData("{]")]
    [InlineData("[}")]
    [InlineData("01")]
    [InlineData("[1.]")]
    [InlineData("[-]")]
    [InlineData("[1e]")]
    [InlineData("[+1]")]
    [InlineData("[nul]")]
    [InlineData("[truE]")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("<html>")]
    public void Broken_JSON_is_told(string json) => Assert.Equal(JsonScanState.Broken, Scan(json).Status);

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":\"b")]
    [InlineData("[1,2")]
    [InlineData("tru")]
    [InlineData("-")]
    [InlineData("\"\\u00")]
    public void JSON_that_stops_is_incomplete(string json) => Assert.Equal(JsonScanState.Incomplete, Scan(json).Status);

    [Fact]
    public void Nesting_is_bounded()
    {
        const int Deepest = JsonMemberScanner.MaxDepth;
        Assert.Equal(JsonScanState.Complete, Scan(new string('[', Deepest) + new string(']', Deepest)).Status);
        Assert.Equal(JsonScanState.Broken, Scan(new string('[', Deepest + 1) + new string(']', Deepest + 1)).Status);
        Assert.Equal(JsonScanState.Broken, Scan("{\"usage\":" + new string('[', 100_000)).Status);
    }

    [Fact]
    public void A_member_larger_than_the_limit_is_flagged_and_the_others_stay()
    {
        using var scanner = new JsonMemberScanner(captureLimit: 64);
        scanner.Feed(Encoding.UTF8.GetBytes($$$"""{"id":"a","error":"{{{new string('x', 100)}}}","usage":{"prompt_tokens":1}}"""));
        Assert.True(scanner.IsOversize(AnswerMember.Error));
        Assert.True(scanner.Has(AnswerMember.Error));
        Assert.True(scanner.Captured(AnswerMember.Error).IsEmpty);
        Assert.Equal("\"a\"", Text(scanner, AnswerMember.Id));
        Assert.Equal("""{"prompt_tokens":1}""", Text(scanner, AnswerMember.Usage));
    }

    [Theory]
    [InlineData(Answer)]
    [InlineData("""  [1.5e-3,"\u00e9\\",{"a":[]},true]  """)]
    [InlineData("""{"usage":12,"error":"broken \x"}""")]
    public void Every_cut_of_the_bytes_gives_the_same_result(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var whole = Describe(Scan(json));
        using var scanner = new JsonMemberScanner();
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                scanner.Reset();
                scanner.Feed(bytes.AsSpan(0, first));
                scanner.Feed(bytes.AsSpan(first, second - first));
                scanner.Feed(bytes.AsSpan(second));
                if (Describe(scanner) is var cut && cut != whole)
                {
                    Assert.Fail($"cut at {first} and {second}: {cut} instead of {whole}");
                }
            }
        }
    }

    [Fact]
    public void Any_cuts_of_any_mutated_answer_give_the_same_result_and_never_throw() =>
        Prop.ForAll(
                Mutations().Zip(Gen.Choose(1, 40).ListOf()).ToArbitrary(),
                pair =>
                {
                    var (bytes, sizes) = pair;
                    using var whole = new JsonMemberScanner();
                    whole.Feed(bytes);
                    using var cut = new JsonMemberScanner();
                    var position = 0;
                    foreach (var size in sizes)
                    {
                        var next = Math.Min(bytes.Length, position + size);
                        cut.Feed(bytes.AsSpan(position, next - position));
                        position = next;
                    }
                    cut.Feed(bytes.AsSpan(position));
                    return Describe(whole) == Describe(cut);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void It_calls_complete_exactly_what_the_JSON_reader_reads() =>
        Prop.ForAll(
                Mutations().ToArbitrary(),
                bytes =>
                {
                    using var scanner = new JsonMemberScanner();
                    scanner.Feed(bytes);
                    return (scanner.Status == JsonScanState.Complete) == IsJson(bytes);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new() { MaxDepth = JsonMemberScanner.MaxDepth });
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>An answer with a few bytes changed, inserted, removed, or its end cut off.</summary>
    private static Gen<byte[]> Mutations()
    {
        var source = Encoding.UTF8.GetBytes(Answer);
        var interesting = Gen.Elements("{}[]\",:\\u0 \n-+.eE1tfn/a"u8.ToArray());
        var change = Gen.Choose(0, 3).Zip(Gen.Choose(0, source.Length - 1)).Zip(interesting);
        return change
            .ListOf()
            .Select(changes =>
            {
                var bytes = source.ToList();
                foreach (var ((kind, at), value) in changes.Take(4))
                {
                    var position = Math.Min(at, bytes.Count - 1);
                    switch (kind)
                    {
                        case 0:
                            bytes[position] = value;
                            break;
                        case 1:
                            bytes.Insert(position, value);
                            break;
                        case 2 when bytes.Count > 1:
                            bytes.RemoveAt(position);
                            break;
                        case 3 when at % 5 == 0 && position > 0:
                            bytes.RemoveRange(position, bytes.Count - position);
                            break;
                    }
                }
                return bytes.ToArray();
            });
    }

    private static JsonMemberScanner Scan(string json)
    {
        var scanner = new JsonMemberScanner();
        scanner.Feed(Encoding.UTF8.GetBytes(json));
        return scanner;
    }

    private static string Text(JsonMemberScanner scanner, AnswerMember member) => Encoding.UTF8.GetString(scanner.Captured(member));

    private static string Describe(JsonMemberScanner scanner)
    {
        var members = Enum.GetValues<AnswerMember>().Select(member => $"{member}={Text(scanner, member)}@{scanner.RangeOf(member)}");
        // What a broken text had before it broke does not count.
        return scanner.Status == JsonScanState.Broken
            ? $"Broken {scanner.Root} {scanner.ContentBytes}"
            : (
                $"{scanner.Status} {scanner.Root} {scanner.HasContent} {scanner.ContentBytes} {scanner.HasFinishReason} "
                + $"{scanner.FinishReasons} {scanner.HasMessageMember} {string.Join(' ', members)}"
            );
    }
}
