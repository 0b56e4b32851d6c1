using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Tools;

/// <summary>
/// The calls of the clients that <c>docs/clients.md</c> describes and that cannot be run here, replayed on a key with a budget: each is
/// answered and, where it costs something, charged. The page and the recordings name the same calls.
/// </summary>
[Collection(SharedHubCollection.Name)]
public sealed partial class ClientCallTests(SharedHub shared)
{
    // They are run as they are, from their packages.
    private static readonly string[] RunThemselves = ["Claude Code", "Codex CLI", "LangChain", "Vercel AI SDK"];

    private static readonly JsonElement[] Calls = JsonSerializer.Deserialize<JsonElement[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", "clients", "calls.json"))
    )!;

    public static TheoryData<int, string> Rows
    {
        get
        {
            var rows = new TheoryData<int, string>();
            for (var i = 0; i < Calls.Length; i++)
            {
                rows.Add(i, $"{Calls[i].GetProperty("client")} {Calls[i].GetProperty("path")}");
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Call_of_a_client_is_answered_on_a_budget(int index, string name)
    {
        var recorded = Calls[index];
        var caller = await shared.Hub.AddCallerAsync();
        await shared.Hub.AddKeyBudgetAsync(caller, 100_000_000_000);
        using var client = shared.Hub.NewClient(caller.Text);
        var path = recorded.GetProperty("path").GetString()!;
        using var call = recorded.TryGetProperty("body", out var body)
            ? InferenceCalls.Post(path, body.GetRawText())
            : new HttpRequestMessage(HttpMethod.Get, path);
        if (recorded.TryGetProperty("headers", out var headers))
        {
            foreach (var header in headers.EnumerateObject())
            {
                call.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
            }
        }
        using var answer = await client.SendAsync(call);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{name}: {(int)answer.StatusCode} {text}");
        if (call.Method == HttpMethod.Get)
        {
            return;
        }
        var record = await shared.Hub.RecordAsync(answer);
        Assert.Equal("ok", record.Outcome);
        Assert.True(record.HeldNanoUsd > 0, name);
        Assert.Equal(body.TryGetProperty("user", out var user) ? user.GetString() : null, record.EndUser);
    }

    [Fact]
    public void The_page_and_the_recordings_name_the_same_calls()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "clients.md"));
        var told = Section()
            .Matches(page)
            .Where(section => !RunThemselves.Contains(section.Groups["client"].Value))
            .SelectMany(section =>
                Row().Matches(section.Value).Select(row => $"{section.Groups["client"].Value} {row.Groups["path"].Value}")
            );
        var recorded = Calls.Select(call => $"{call.GetProperty("client")} {call.GetProperty("path")}").Distinct();
        Assert.Equal(recorded.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^## (?<client>[^\n]+)\n(?:(?!^## ).*\n?)*", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| `(?:GET|POST) (?<path>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
