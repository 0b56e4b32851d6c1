using System.Text.RegularExpressions;
using Gateway.Core.Configuration;
using Gateway.Tests.Support;

namespace Gateway.Tests.Configuration;

/// <summary>The README's table of options names variables that exist, with the defaults that they have.</summary>
public sealed partial class ReadmeOptionsTests
{
    // Of OpenTelemetry, which reads it itself.
    private static readonly string[] OfOthers = ["OTEL_EXPORTER_OTLP_ENDPOINT"];

    public static TheoryData<string, string> Rows
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (
                var row in File.ReadLines(Path.Combine(Repository.Root, "README.md")).Select(l => Row().Match(l)).Where(m => m.Success)
            )
            {
                rows.Add(row.Groups["names"].Value, row.Groups["defaults"].Value);
            }
            return rows;
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public void A_row_names_options_and_their_defaults(string names, string defaults)
    {
        var variables = Name().Matches(names).Select(m => m.Groups[1].Value).ToList();
        var shown = defaults.Replace("`", "", StringComparison.Ordinal).Split(", ");
        var known = HubOptionsReader.All.SelectMany(o => o.Variables).Concat(OfOthers).ToHashSet();
        Assert.Equal([], variables.Where(v => !known.Contains(v)));
        for (var i = 0; i < variables.Count; i++)
        {
            var value = shown[Math.Min(i, shown.Length - 1)];
            if (HubOptionsReader.All.FirstOrDefault(o => o.Variables[0] == variables[i]) is { } option && Plain().IsMatch(value))
            {
                Assert.Equal((variables[i], Read(null, null, option)), (variables[i], Read(variables[i], value, option)));
            }
        }
    }

    [Fact]
    public void The_table_is_found() => Assert.InRange(Rows.Count(), 20, 60);

    private static string? Read(string? variable, string? value, HubOption option)
    {
        Assert.Empty(HubOptionsReader.Read(_ => null, name => name == variable ? value : null, isDevelopment: true, out var options));
        return option.ValueIn(options)?.ToString();
    }

    [GeneratedRegex(@"^\| (?<names>`[A-Z][A-Z0-9_]+`(?:, `[A-Z][A-Z0-9_]+`)*) \| (?<defaults>[^|]+) \| [^|]+ \|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Z][A-Z0-9_]+)`")]
    private static partial Regex Name();

    // What can stand in the environment as it stands in the table; "none" and "setting, 100" are words.
    [GeneratedRegex(@"^(?!none$|setting|in |SQLite)[\w.:/-]+$")]
    private static partial Regex Plain();
}
