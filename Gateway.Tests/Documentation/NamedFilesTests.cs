using System.Text.RegularExpressions;
using Gateway.Tests.Support;

namespace Gateway.Tests.Documentation;

/// <summary>What the documentation names and links to is there: a reader who follows a name finds the file.</summary>
public sealed partial class NamedFilesTests
{
    private static readonly string[] Files =
    [
        .. Directory
            .EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Where(f => !Ignored().IsMatch(f)),
    ];

    private static readonly HashSet<string> Folders =
    [
        .. Files.SelectMany(f => Enumerable.Range(0, f.Length).Where(i => f[i] == '/').Select(i => f[..i])),
    ];

    public static TheoryData<string> Pages =>
        [.. Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal) && !f.Contains("/Recordings/", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Pages))]
    public void A_page_names_files_and_folders_that_are_there(string page)
    {
        var text = CodeBlock().Replace(File.ReadAllText(Path.Combine(Repository.Root, page)), "");
        Assert.Equal([], FileName().Matches(text).Select(m => m.Groups[1].Value).Where(name => !Files.Any(f => Ends(f, name))));
        Assert.Equal([], FolderName().Matches(text).Select(m => m.Groups[1].Value).Where(name => !Folders.Any(f => Ends(f, name))));
    }

    [Theory, MemberData(nameof(Pages))]
    public void A_page_links_to_pages_that_are_there(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var links = Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))).Select(m => m.Groups[1].Value);
        Assert.Equal([], links.Where(link => !Path.Exists(Path.Combine(folder, link))));
    }

    // A name may stand without the folders before it.
    private static bool Ends(string path, string name) => path == name || path.EndsWith("/" + name, StringComparison.Ordinal);

    [GeneratedRegex(@"(^|/)(bin|obj|data|node_modules|\.git)/")]
    private static partial Regex Ignored();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"`(?!/)([\w./-]+\.(?:cs|md|json|jsonl|yml|csproj|props|py|mjs|svg|txt))`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"`([\w.-]+(?:/[\w.-]+)*)/`")]
    private static partial Regex FolderName();

    [GeneratedRegex(@"\]\((?!\w+:)([^)#\s]+)")]
    private static partial Regex Link();
}
