using System.Collections.Frozen;
using System.Globalization;

namespace Gateway.Sandbox.Scenarios;

/// <summary>Every scenario there is. README.md tells the same table in words; a test holds the two together.</summary>
internal static class ScenarioTable
{
    private const string Statuses = "400 401 403 404 408 413 422 429 500 502 503 504 529";

    public static readonly IReadOnlyList<ScenarioRow> Rows =
    [
        // Answers
        Row("sandbox-chat", new Scenario()),
        Row("sandbox-embedding", new Scenario()),
        Row("sandbox-multibyte", new Scenario { Answer = AnswerScript.MultiByte }),
        Row("sandbox-tools", new Scenario { CallsTools = true }),
        Row("sandbox-chunks-{}", "20 200 1000", n => new Scenario { Answer = AnswerScript.Varied(n[0]) }),
        Row(
            "sandbox-large-{}",
            "64 1024",
            n => new Scenario { Answer = AnswerScript.OfBytes(Math.Min(n[0], 65_536) * 1024), IgnoresMaximum = true }
        ),
        Row("sandbox-ignores-max-tokens", new Scenario { IgnoresMaximum = true, Answer = AnswerScript.Varied(200) }),
        // Usage and price
        Row("sandbox-cached", new Scenario { Shape = TokenSplit.Cached }),
        Row("sandbox-cachewrite", new Scenario { Shape = TokenSplit.CacheWrite }),
        Row("sandbox-cachewrite-split", new Scenario { Shape = TokenSplit.CacheWriteBothLifetimes }),
        Row("sandbox-reasoning", new Scenario { Answer = AnswerScript.Reasoned }),
        Row("sandbox-reasoning-{}", "250", n => new Scenario { HiddenReasoning = n[0] }),
        Row("sandbox-audio", new Scenario { Shape = TokenSplit.Audio }),
        Row("sandbox-image-in", new Scenario { Shape = TokenSplit.Image }),
        Row("sandbox-usage-{}-{}", "1000-500", n => new Scenario { FixedUsage = new SandboxUsage(n[0], n[1]) }),
        Row("sandbox-unpriced", new Scenario()),
        Row("sandbox-free", new Scenario()),
        Row("sandbox-no-usage", new Scenario { Report = ToldUsage.None }),
        Row("sandbox-zero-usage", new Scenario { Report = ToldUsage.Zero }),
        Row("sandbox-estimated-usage", new Scenario { Report = ToldUsage.Estimated }),
        Row("sandbox-usage-each", new Scenario { Report = ToldUsage.OnEveryChunk }),
        // Time
        Row("sandbox-slow-first-byte-{}", "500", n => new Scenario { FirstByteDelay = TimeSpan.FromMilliseconds(n[0]) }),
        Row("sandbox-slow-chunks-{}", "50", n => new Scenario { ChunkDelay = TimeSpan.FromMilliseconds(n[0]) }),
        new(
            "sandbox-trickle",
            [],
            (_, options) => new Scenario { Answer = AnswerScript.Varied(200), ChunkDelay = options.TrickleInterval }
        ),
        new(
            "sandbox-endless",
            [],
            (_, options) =>
                new Scenario
                {
                    Answer = AnswerScript.Varied(options.EndlessChunks),
                    IgnoresMaximum = true,
                    Endless = true,
                }
        ),
        Row("sandbox-hang", new Scenario { Fault = Fault.Hang }),
        Row("sandbox-stall", new Scenario { Fault = Fault.Stall }),
        // Errors before the answer
        Row("sandbox-status-{}", Statuses, n => new Scenario { Fault = Fault.Status, Status = Math.Clamp(n[0], 400, 599) }),
        Row(
            "sandbox-provider-{}",
            "413",
            n => new Scenario
            {
                Fault = Fault.Status,
                Status = Math.Clamp(n[0], 400, 599),
                MapsStatus = true,
            }
        ),
        Row(
            "sandbox-status-{}-retry-{}",
            "429-7 503-1",
            n => new Scenario
            {
                Fault = Fault.LiteLlmRateLimit,
                Status = Math.Clamp(n[0], 400, 599),
                RetryAfterSeconds = n[1],
            }
        ),
        Row("sandbox-budget-exceeded", new Scenario { Fault = Fault.BudgetExceeded }),
        Row("sandbox-html-error", new Scenario { Fault = Fault.HtmlError }),
        Row("sandbox-empty-error", new Scenario { Fault = Fault.EmptyError }),
        Row("sandbox-redirect", new Scenario { Fault = Fault.Redirect }),
        Row("sandbox-drop-before-headers", new Scenario { Fault = Fault.DropBeforeHeaders }),
        // Broken answers
        Row("sandbox-drop-mid-body", new Scenario { Fault = Fault.DropMidBody }),
        Row("sandbox-drop-mid-stream", new Scenario { Fault = Fault.DropMidStream }),
        Row("sandbox-reset-mid-stream", new Scenario { Fault = Fault.ResetMidStream }),
        Row("sandbox-malformed-json", new Scenario { Fault = Fault.MalformedJson }),
        Row("sandbox-error-event", new Scenario { Fault = Fault.ErrorEvent }),
        Row("sandbox-error-event-{}", "408 429", n => new Scenario { Fault = Fault.ErrorEvent, Status = n[0] }),
        Row("sandbox-error-event-first", new Scenario { Fault = Fault.ErrorEventFirst }),
        Row("sandbox-provider-drop", new Scenario { Fault = Fault.ProviderDrop }),
        Row("sandbox-empty", new Scenario { Fault = Fault.Empty }),
        Row("sandbox-null-body", new Scenario { Fault = Fault.NullBody }),
        Row("sandbox-wrong-content-type", new Scenario { Fault = Fault.WrongContentType }),
        // Odd framing
        Row("sandbox-no-done", new Scenario { NoDone = true }),
        Row("sandbox-comments", new Scenario { Comments = true }),
        Row("sandbox-null-id", new Scenario { NullIds = true }),
        Row("sandbox-crlf", new Scenario { CarriageReturns = true }),
        Row("sandbox-split-{}", "1 7 1000", n => new Scenario { SplitBytes = Math.Max(1, n[0]), Answer = AnswerScript.MultiByte }),
    ];

    private static readonly FrozenDictionary<string, ScenarioRow> ByPattern = Rows.ToFrozenDictionary(row => row.Pattern);

    /// <summary>Finds the scenario that a model name asks for.</summary>
    public static bool TryParse(string name, SandboxOptions options, out Scenario scenario)
    {
        scenario = null!;
        var numbers = new List<int>();
        var pattern = name.Split('-')
            .Select(part =>
            {
                if (part.Length == 0 || !part.All(char.IsAsciiDigit))
                {
                    return part;
                }
                numbers.Add(int.TryParse(part, CultureInfo.InvariantCulture, out var number) ? number : -1);
                return "{}";
            });
        if (!ByPattern.TryGetValue(string.Join('-', pattern), out var row) || numbers.Contains(-1))
        {
            return false;
        }
        scenario = row.Build([.. numbers], options);
        return true;
    }

    private static ScenarioRow Row(string name, Scenario scenario) => new(name, [], (_, _) => scenario);

    private static ScenarioRow Row(string pattern, string common, Func<int[], Scenario> build) =>
        new(pattern, common.Split(' '), (numbers, _) => build(numbers));
}
