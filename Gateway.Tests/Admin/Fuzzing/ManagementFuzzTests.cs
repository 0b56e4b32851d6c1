using System.Diagnostics;
using System.Globalization;
using Gateway.Tests.Support;
using Xunit.Abstractions;

namespace Gateway.Tests.Admin.Fuzzing;

/// <summary>
/// Every management route against bodies, queries, ids and headers that nobody means: no 5xx but the documented ones, and always an error's
/// shape. What was found once stands in <c>corpus.jsonl</c>. <c>HUB_FUZZ_SECONDS</c> prolongs the random part, <c>HUB_FUZZ_SEED</c> repeats
/// one.
/// </summary>
public sealed class ManagementFuzzTests(ITestOutputHelper output)
{
    private const int DefaultSeconds = 20;
    private const int StandardSeed = 20_261_130;
    private const int MostFindings = 25;

    private static string CorpusFile => Path.Combine(Repository.Root, "Gateway.Tests", "Admin", "Fuzzing", "corpus.jsonl");

    [Theory, BothDatabases]
    public async Task The_corpus_is_answered_without_a_fault(TestDatabase database)
    {
        await using var world = await FuzzWorld.StartAsync(database);
        List<string> findings = [];
        foreach (var line in (await File.ReadAllLinesAsync(CorpusFile)).Where(l => l.Length > 0))
        {
            if (await world.TryAsync(FuzzRequest.Parse(line)) is { } fault)
            {
                findings.Add($"{line}\n{fault}");
            }
        }
        await world.AssertAliveAsync();
        Assert.True(findings.Count == 0, string.Join("\n\n", findings));
    }

    [Theory, BothDatabases]
    public async Task No_request_is_answered_with_a_fault(TestDatabase database)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("HUB_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : StandardSeed; // the same in every run of the suite; another one searches elsewhere
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("HUB_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : DefaultSeconds;
        await using var world = await FuzzWorld.StartAsync(database);
        var generator = new FuzzGenerator(world.Routes, world.Tokens, new Random(seed));
        var findings = new Dictionary<string, string>();
        var count = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds && findings.Count < MostFindings; count++)
        {
            var request = generator.Next();
            if (await world.TryAsync(request) is { } fault)
            {
                findings.TryAdd(
                    $"{request.Method} {request.Path.Split('?')[0]} {fault[..Math.Min(fault.Length, 40)]}",
                    $"{request}\n{fault}"
                );
            }
        }
        var told = $"HUB_FUZZ_SEED={seed}: {count} requests to {world.Routes.Count} routes";
        output.WriteLine(told);
        await world.AssertAliveAsync();
        Assert.True(
            findings.Count == 0,
            $"{told}. Mend these and add their lines to {CorpusFile}:\n\n{string.Join("\n\n", findings.Values)}"
        );
    }

    [Fact]
    public async Task The_fuzzer_knows_every_route_of_the_product()
    {
        await using var world = await FuzzWorld.StartAsync(TestDatabase.Sqlite);
        Assert.InRange(world.Routes.Count, 90, 500);
        Assert.Contains(world.Routes, r => r is { Method: "POST", Path: "/auth/login" } && r.Members.ContainsKey("email"));
    }
}
