using System.Text.RegularExpressions;
using Gateway.Tests.Support;

namespace Gateway.Tests.Architecture;

/// <summary>A file can be read and found: lines of at most 140 columns, one type under its own name (CONTRIBUTING.md).</summary>
public sealed partial class FileShapeTests
{
    private const int Columns = 140;

    private static readonly string[] Product = ["Gateway", "Gateway.Core", "Gateway.Admin", "Gateway.Sandbox"];

    public static TheoryData<string> Projects => [.. Product, "Gateway.Benchmarks", "Gateway.Benchmarks.Yarp", "Gateway.Tests"];

    [Theory, MemberData(nameof(Projects))]
    public void No_line_is_wider_than_the_limit_unless_it_is_a_recorded_text(string project)
    {
        var mayHoldTexts = !Product.Contains(project);
        var wide = Files(project)
            .SelectMany(file => File.ReadLines(file).Select((line, i) => (Line: line, Place: $"{Path.GetFileName(file)}:{i + 1}")))
            .Where(l => l.Line.Length > Columns && !(mayHoldTexts && Text().IsMatch(l.Line)))
            .Select(l => l.Place);
        Assert.Empty(wide);
    }

    [Theory, MemberData(nameof(Projects))]
    public void At_most_one_file_in_twenty_holds_a_second_type_that_others_see(string project)
    {
        var files = Files(project).ToList();
        var several = files.Where(f => OwnTypes(f).Count > 1).Select(f => Path.GetFileName(f)).ToList();
        Assert.True(several.Count * 20 <= files.Count, $"{several.Count} of {files.Count}: {string.Join(", ", several)}");
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_file_with_one_type_has_its_name(string project)
    {
        var wrong = Files(project)
            .Where(f => OwnTypes(f) is [var only] && Path.GetFileName(f).Split('.')[0] != only)
            .Select(f => Path.GetFileName(f));
        Assert.Empty(wrong);
    }

    // A migration is named for what it adds, and nobody looks for it.
    [Fact]
    public void A_name_belongs_to_one_file_of_the_product() =>
        Assert.Empty(
            Product
                .SelectMany(Files)
                .Where(f => !f.Contains("/Migrations/", StringComparison.Ordinal))
                .GroupBy(f => Path.GetFileName(f))
                .Where(g => g.Count() > 1)
                .Select(g => g.Key)
        );

    private static List<string> OwnTypes(string file) =>
        [.. TopLevelType().Matches(File.ReadAllText(file)).Select(m => m.Groups["name"].Value).Distinct()];

    private static IEnumerable<string> Files(string project) =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal));

    // JSON, SSE or a list of headers, as it goes over the wire: cut in two, it could no longer be compared with what was recorded.
    [GeneratedRegex("\"|^\\s*[{<\\[]|=")]
    private static partial Regex Text();

    // A type of a file-scoped namespace begins in the first column; file-local ones are seen by nobody else.
    [GeneratedRegex(
        @"^(?!file )(?:(?:public|internal|sealed|static|abstract|partial|readonly|ref|unsafe) )*"
            + @"(?:class|struct|interface|enum|record(?: struct| class)?|delegate [\w<>?\[\], ]+?) (?<name>\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex TopLevelType();
}
