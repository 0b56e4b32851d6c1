using System.Diagnostics;
using System.Text;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>
/// Bodies that no client would write, made of the kept ones in <c>Corpus</c>: each is read or refused with a clean 400 by every API, and
/// nothing is thrown. The seed of a run is printed with its failure; a body that once failed is kept in the corpus.
/// </summary>
public sealed class RequestFuzzTests
{
    private const int StandardSeed = 20_261_130;

    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("HUB_FUZZ_SECONDS"), out var seconds) ? seconds : 8
    );
    private static readonly RequestReader Reader = new(new BodyOptions());

    // Single bytes and pieces that parsers stumble over: broken UTF-8, half surrogates, escapes, numbers, depth, names that decide.
    private static readonly byte[][] Pieces =
    [
        [0xC0, 0x80],
        [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80],
        [0xFF],
        [0xC3],
        [0xE2, 0x82],
        [0x00],
        [0xEF, 0xBB, 0xBF],
        "\\ud800"u8.ToArray(),
        "\\udc00\\ud800"u8.ToArray(),
        "\\u0000"u8.ToArray(),
        "\\uD83D\\uDE00"u8.ToArray(),
        "\\u"u8.ToArray(),
        "\\x"u8.ToArray(),
        "\\"u8.ToArray(),
        "\""u8.ToArray(),
        "{"u8.ToArray(),
        "}"u8.ToArray(),
        "["u8.ToArray(),
        "]"u8.ToArray(),
        ","u8.ToArray(),
        ":"u8.ToArray(),
        "1e400"u8.ToArray(),
        "-0"u8.ToArray(),
        "1E-99999999999"u8.ToArray(),
        "9223372036854775808"u8.ToArray(),
        "0.0000000000000000000000001e25"u8.ToArray(),
        "NaN"u8.ToArray(),
        "null"u8.ToArray(),
        "true"u8.ToArray(),
        "\"model\":"u8.ToArray(),
        "\"max_tokens\":1e2,"u8.ToArray(),
        "\"n\":"u8.ToArray(),
        "\"metadata\":{\"\\ud800\":"u8.ToArray(),
        "\"extra_body\":{\"extra_body\":{"u8.ToArray(),
        "\"m\\ud800odel\":"u8.ToArray(),
        "\"stream_options\":{\"include_usage\":"u8.ToArray(),
        "/* */"u8.ToArray(),
        Encoding.ASCII.GetBytes(new string('[', 300)),
        Encoding.ASCII.GetBytes(new string('x', 2_000)),
        "\"\\u006c\\u0069tellm_\\ud800\":1,"u8.ToArray(),
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,"u8.ToArray(),
        "{\"type\":\"web_search_20250305\",\"max_uses\":1.0}"u8.ToArray(),
    ];

    public static IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. Directory
            .GetFiles(Path.Combine(Repository.Root, "Gateway.Tests", "Bodies", "Corpus"))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes),
    ];

    [Fact]
    public void The_kept_bodies_are_read_or_refused()
    {
        Assert.True(Corpus.Count >= 10);
        Assert.All(Corpus, body => Check(body, "the corpus"));
    }

    [Fact]
    public void No_body_makes_the_reader_throw()
    {
        // The same in every run of the suite
        var seed = Environment.GetEnvironmentVariable("HUB_FUZZ_SECONDS") is null ? StandardSeed : Environment.TickCount;
        var random = new Random(seed);
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        while (count < 1_000 || (Stopwatch.GetElapsedTime(start) < RunLimit && count < 2_000_000))
        {
            Check(Mutate(random), $"seed {seed}, body {count}");
            count++;
        }
    }

    [Fact]
    public void A_body_cut_anywhere_is_read_or_refused() =>
        Assert.All(
            Corpus,
            body =>
            {
                for (var length = 0; length < Math.Min(body.Length, 3_000); length++)
                {
                    Check(body[..length], $"cut at {length}");
                }
            }
        );

    private static byte[] Mutate(Random random)
    {
        List<byte> body = [.. Corpus[random.Next(Corpus.Count)]];
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(body.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < body.Count:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1 when at < body.Count:
                    body.RemoveRange(at, random.Next(1, Math.Min(20, body.Count - at) + 1));
                    break;
                case 2:
                    var from = Corpus[random.Next(Corpus.Count)];
                    var begin = random.Next(from.Length);
                    body.InsertRange(at, from.AsSpan(begin, random.Next(Math.Min(60, from.Length - begin) + 1)).ToArray());
                    break;
                default:
                    body.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }
        return [.. body];
    }

    private static void Check(byte[] body, string which)
    {
        foreach (var api in ApiTable.All)
        {
            foreach (var pathModel in new[] { null, "path-model" })
            {
                try
                {
                    var isRead = Reader.TryRead(body, api, out var members, out var refusal, pathModel);
                    Assert.Equal(isRead, refusal is null);
                    Assert.True(
                        isRead
                            ? members.Model.Length > 0 && IsInside(members.ModelRange, body)
                            : refusal!.Status == 400 && refusal.Message.Length < 600
                    );
                }
                catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"{api.Name}, {which}: {fault}\n{Convert.ToBase64String(body)}");
                }
            }
        }
    }

    private static bool IsInside(ByteRange range, byte[] body) => range.Offset >= 0 && range.Offset + range.Length <= body.Length;
}
