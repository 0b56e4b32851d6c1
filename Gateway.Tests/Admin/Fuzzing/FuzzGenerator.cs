using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Admin.Fuzzing;

/// <summary>Makes requests from a seed: mostly what a client could mean, with something wrong in it.</summary>
internal sealed class FuzzGenerator(IReadOnlyList<FuzzRoute> routes, IReadOnlyCollection<string> tokens, Random random)
{
    private static readonly string Long = new('x', 5_000);

    // Values as they stand in JSON.
    private static readonly string[] Values =
    [
        "null",
        "true",
        "false",
        "0",
        "-0.0",
        "-1",
        "1",
        "0.1",
        "1e15",
        "1e400",
        "-1e400",
        "1e-400",
        "9007199254740993",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "999999999999999999999999999999999999",
        "79228162514264337593543950336",
        "0.00000000000000000000000000000000001",
        "[]",
        "{}",
        "[null]",
        "[[[[]]]]",
        "[1,\"a\",{}]",
        "{\"a\":{\"a\":{}}}",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\ude80\"",
        "\"\\u202e\\ufeff\\uffff\"",
        "\"null\"",
        "\"-1\"",
        "\"me\"",
        "\"*\"",
        "\"' OR 1=1 --\"",
        "\"../../etc/passwd\"",
        "\"%00\"",
        "\"30000y\"",
        "\"999999mo\"",
        "\"999999w\"",
        "\"0s\"",
        "\"9999999999999999999d\"",
        "\"monthly\"",
        "\"2026-02-30\"",
        "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59.9999999Z\"",
        "\"9999-12-31T23:59:59-14:00\"",
        "\"2126-01-01T00:00:00Z\"",
        "\"2126-01-01T00:00:00.123456789Z\"",
        "\"http://127.0.0.1:1/\"",
        "\"http://[::1\"",
        "\"http://a:99999/\"",
        "\"data:text/html,x\"",
        "\"0.0.0.0/0\"",
        "\"10.0.0.0/33\"",
        "\"::/129\"",
        "\"a@b\"",
        "\"İ@İ.com\"",
        "[\"\\ud800\"]",
        "[\"10.0.0.0/8\"]",
        "[\"gpt-4o\",\"gpt-4o\"]",
        "\"[\\\"a\\\"]\"",
        "\"[\\\"\\\\ud800\\\"]\"",
        "{\"a\\ud800\":1}",
        "{\"a\":1,\"a\":2}",
        $"\"{Long}\"",
        $"\"{string.Concat(Enumerable.Repeat("🚀", 130))}\"",
        $"[{string.Join(",", Enumerable.Repeat("\"a\"", 1_500))}]",
        new string('[', 40) + new string(']', 40),
    ];

    // Bodies that are no object of members, in base64.
    private static readonly string[] Bodies =
    [
        .. new[]
        {
            "",
            " ",
            "null",
            "[]",
            "\"x\"",
            "1",
            "{",
            "}",
            "{}",
            "{\"a\":}",
            "{\"a\":1}{}",
            "{\"emai\\ud800\":1}",
            "{\"\\udfff\":{\"\\ud800\":[]}}",
            "\ufeff{}",
            new string('[', 2_000),
            new string('x', 70_000),
        }.Select(text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text))),
        Convert.ToBase64String([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
        Convert.ToBase64String([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]),
        Convert.ToBase64String(Encoding.Unicode.GetBytes("{\"a\":1}")),
        Convert.ToBase64String([0]),
        Convert.ToBase64String([0x1f, 0x8b, 0x08, 0]),
    ];

    // Parts of a path or query as they go over the wire.
    private static readonly string[] Parts =
    [
        "unknown",
        "me",
        "0",
        "-1",
        "*",
        "%20",
        "%25",
        "%2F",
        "a%2Fb",
        "..%2f..",
        "%5C",
        "%C3%BC",
        "%F0%9F%9A%80",
        "%ED%A0%80",
        "%ff",
        "%zz",
        "%",
        "%0A",
        "%0D%0A",
        "%7F",
        "%EF%BF%BF",
        "null",
        "undefined",
        "{id}",
        "9223372036854775808",
        "'%20OR%201=1",
        "%22",
        "true",
        "1e400",
        "1.5",
        "a,b",
        "day,day",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "9999-12-30",
        "9999-12-31T23:59:59.9999999Z",
        "0001-01-01T00:00:00%2B14:00",
        "2026-01-01T00:00:00.0000001Z",
        "2147483647",
        "2147483648",
        "99999999999999999999",
        "0",
        "1",
        "day",
        "hour",
        "csv",
        "desc",
        "all",
        "user",
        "tier",
        string.Concat(Enumerable.Repeat("a", 1_001)),
        "",
    ];

    private static readonly (string Name, string Value)[] HeaderValues =
    [
        ("User-Agent", new string('u', 254) + "🚀🚀"),
        ("User-Agent", ""),
        ("X-Request-Id", new string('r', 100)),
        ("X-Request-Id", "é"),
        ("X-Forwarded-For", "é, 10.0.0.1, [::1]:80, unknown"),
        ("If-None-Match", "\"é\", W/, *, ,"),
        ("If-Modified-Since", "never"),
        ("Accept", "é/*;q=2"),
        ("Accept-Encoding", "é"),
        ("Origin", "null"),
        ("Referer", "é"),
        ("Range", "bytes=9-1"),
        ("Content-Type", "text/plain"),
        ("Content-Type", "application/json; charset=utf-16"),
        ("Content-Type", "application/json; charset"),
        ("Content-Type", "é"),
        ("Content-Type", "multipart/form-data"),
        ("Content-Type", "multipart/form-data; boundary=x"),
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "é"),
        ("Authorization", ""),
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer  "),
        ("Authorization", "Basic eDp5"),
        ("Authorization", "Bearer a.b.c"),
        ("Authorization", "Bearer é"),
        ("Authorization", "Bearer .."),
        ("Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJcdWQ4MDAifQ."),
        ("Authorization", "Bearer sk-hub-adm-" + new string('é', 16) + "-" + string.Concat(Enumerable.Repeat("🚀", 10))),
        ("Authorization", "Bearer sk-hub-adm-" + new string('a', 16) + "-" + new string('é', 43)),
        ("Authorization", "Bearer sk-hub-adm-" + new string('a', 16) + "-" + new string('a', 43)),
        ("Cookie", "é=1"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Accept-Language", "é"),
        ("Expect", "nothing"),
    ];

    public FuzzRequest Next()
    {
        var route = routes[random.Next(routes.Count)];
        var request = new FuzzRequest
        {
            Caller = FuzzWorld.Callers[Chance(50) ? 3 : random.Next(FuzzWorld.Callers.Count)],
            Method = Chance(96) ? route.Method : Pick("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO"),
            Path = PathOf(route.Path) + QueryOf(route.Queries),
        };
        if (route.Members.Count > 0 || Chance(5))
        {
            request = Chance(12) ? request with { Body64 = Pick(Bodies) } : request with { Body = BodyOf(route) };
        }
        for (; Chance(12); )
        {
            var (name, value) = Pick(HeaderValues);
            request.Headers[name] = value;
        }
        return request;
    }

    private string PathOf(string template) =>
        string.Join(
            '/',
            template
                .Split('/')
                .Select(part =>
                    !part.StartsWith('{') ? part
                    : Chance(40) ? Pick(Parts)
                    : Chance(25) ? "me"
                    : Pick([.. tokens])
                )
        );

    private string QueryOf(IReadOnlyList<string> names)
    {
        var asked = names.Where(_ => Chance(30)).Concat(Chance(10) ? ["limit"] : []).Concat(Chance(5) ? ["%ff", ""] : []);
        var pairs = asked.Select(name => $"{name}={(Chance(20) ? Pick([.. tokens]) : Pick(Parts))}").ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private string BodyOf(FuzzRoute route)
    {
        var members = new List<string>();
        foreach (var (name, schema) in route.Members)
        {
            if (Chance(route.Required.Contains(name) ? 92 : 35))
            {
                members.Add($"\"{name}\":{(Chance(35) ? Pick(Values) : Plausible(name, schema))}");
            }
        }
        if (Chance(5) && members.Count > 0)
        {
            members.Add(members[0]);
        }
        return "{" + string.Join(',', members) + "}";
    }

    private string Plausible(string name, JsonElement schema)
    {
        var type =
            !schema.TryGetProperty("type", out var told) ? ""
            : told.ValueKind == JsonValueKind.String ? told.GetString()
            : told.EnumerateArray().Select(t => t.GetString()).First(t => t != "null");
        return name switch
        {
            "email" => $"\"{random.NextInt64():x}@example.com\"",
            "role" => Pick("\"customer\"", "\"support\"", "\"enterprise\""),
            "type" => Pick("\"deposit\"", "\"refund\"", "\"usage\"", "\"withdrawal\""),
            "status" => Pick("\"completed\"", "\"pending\"", "\"failed\"", "\"cancelled\""),
            "mode" => Pick("\"enforce\"", "\"shadow\"", "\"chat\"", "\"embedding\""),
            "budget_duration" => Pick("\"30d\"", "\"monthly\"", "\"never\"", "\"1200mo\"", "\"100y\""),
            _ when name.EndsWith("_id", StringComparison.Ordinal) && Chance(80) => $"\"{Pick([.. tokens])}\"",
            _ when name.EndsWith("_at", StringComparison.Ordinal) => "\"2126-01-01T00:00:00Z\"",
            _ when name.Contains("currency", StringComparison.Ordinal) => Pick("\"USD\"", "\"RUB\""),
            _ when schema.TryGetProperty("enum", out var words) && Chance(90) => words[random.Next(words.GetArrayLength())].GetRawText(),
            _ => type switch
            {
                "integer" => Pick("0", "1", "60", "100000"),
                "number" => Pick("0", "0.01", "5", "0.000001"),
                "boolean" => Pick("true", "false"),
                "array" => Pick("[]", "[\"a\"]", "[\"10.0.0.0/8\"]"),
                "object" => Pick("{}", "{\"a\":1}", "{\"input\":0.000001}"),
                _ => Pick($"\"n{random.NextInt64():x}\"", "\"password123\"", "\"text\""),
            },
        };
    }

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(params T[] all) => all[random.Next(all.Length)];
}
