using System.Text.RegularExpressions;
using Gateway.Tests.Support;

namespace Gateway.Tests.Documentation;

/// <summary>docs/faults.md names a test for each of its rows, and the tests are there.</summary>
public sealed partial class FaultsPageTests
{
    [Fact]
    public void Every_row_names_tests_that_exist()
    {
        var tests = typeof(FaultsPageTests)
            .Assembly.GetTypes()
            .SelectMany(t => t.GetMethods().Select(m => $"{t.Name}.{m.Name}"))
            .ToHashSet();
        var rows = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "faults.md"))
            .Where(l =>
                l.StartsWith("| ", StringComparison.Ordinal)
                && !l.StartsWith("| ---", StringComparison.Ordinal)
                && !l.StartsWith("| What happens", StringComparison.Ordinal)
            )
            .ToList();
        Assert.True(rows.Count > 30);
        Assert.All(
            rows,
            row =>
            {
                Assert.Matches(TestName(), row[row.TrimEnd(' ', '|').LastIndexOf('|')..]);
                Assert.All(TestName().Matches(row).Select(m => m.Groups[1].Value), name => Assert.Contains(name, tests));
            }
        );
    }

    [GeneratedRegex("`(\\w+Tests\\.\\w+)`")]
    private static partial Regex TestName();
}
