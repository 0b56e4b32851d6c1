using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gateway.Core.Storage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Architecture;

/// <summary>Who may know whom. The table is that of the design; a reference that is not in it is a decision, not a detail.</summary>
public sealed partial class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Gateway"] = ["Gateway.Core", "Gateway.Admin", "Gateway.Sandbox"],
        ["Gateway.Admin"] = ["Gateway.Core"],
        ["Gateway.Core"] = [],
        ["Gateway.Sandbox"] = [],
        ["Gateway.Tests"] = ["Gateway", "Gateway.Admin", "Gateway.Core", "Gateway.Sandbox"],
        ["Gateway.Benchmarks.Yarp"] = [],
        ["Gateway.Benchmarks"] = ["Gateway", "Gateway.Benchmarks.Yarp", "Gateway.Admin", "Gateway.Core", "Gateway.Sandbox"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_exactly_what_the_design_allows(string project)
    {
        var references = ProjectFile(project)
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));
        Assert.Equal(Allowed[project].Order(), references.Order());
    }

    [Fact]
    public void Every_project_is_in_the_table() =>
        Assert.Equal(
            Allowed.Keys.Order(),
            Directory
                .GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
                .Where(f =>
                    !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                    && !f.Contains("node_modules", StringComparison.Ordinal)
                )
                .Select(f => Path.GetFileNameWithoutExtension(f)!)
                .Order()
        );

    [Fact]
    public void Only_program_commands_and_hosting_of_the_gateway_know_admin_and_sandbox()
    {
        var folder = Path.Combine(Repository.Root, "Gateway");
        var offenders = Directory
            .GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(f => (File: f, Path: Path.GetRelativePath(folder, f).Replace('\\', '/')))
            .Where(f => !f.Path.StartsWith("obj/", StringComparison.Ordinal) && !f.Path.StartsWith("bin/", StringComparison.Ordinal))
            .Where(f =>
                f.Path != "Program.cs"
                && !f.Path.StartsWith("Hosting/", StringComparison.Ordinal)
                && !f.Path.StartsWith("Commands/", StringComparison.Ordinal)
            )
            .Where(f => ForeignNamespace().IsMatch(File.ReadAllText(f.File)))
            .Select(f => f.Path);
        Assert.Empty(offenders);
    }

    [Fact]
    public void Core_has_no_reference_to_aspnet()
    {
        Assert.DoesNotContain(
            typeof(HubDbContext).Assembly.GetReferencedAssemblies(),
            a => a.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        );
        var project = ProjectFile("Gateway.Core");
        Assert.Empty(project.Descendants("FrameworkReference"));
        Assert.Equal("Microsoft.NET.Sdk", (string?)project.Attribute("Sdk"));
    }

    [Fact]
    public void Admin_does_not_know_the_gateway_nor_the_sandbox() =>
        Assert.DoesNotContain(
            typeof(Gateway.Admin.FirstStart).Assembly.GetReferencedAssemblies(),
            a => a.Name is "Gateway" or "Gateway.Sandbox"
        );

    private static XElement ProjectFile(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, project, project + ".csproj")).Root!;

    [GeneratedRegex(@"\bGateway\.(Admin|Sandbox)\b")]
    private static partial Regex ForeignNamespace();
}
