using System.Text.RegularExpressions;
using Gateway.Core.Configuration;
using Gateway.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Gateway.Tests.Configuration;

/// <summary>appsettings.json at the root is the list of all options for operators: each with its default and a comment.</summary>
public sealed partial class AppSettingsFileTests
{
    private static readonly string File = Path.Combine(Repository.Root, "appsettings.json");

    [Fact]
    public void The_file_lists_exactly_the_options() =>
        Assert.Equal(HubOptionsReader.All.Select(o => o.Name).Order(), Section().GetChildren().Select(c => c.Key).Order());

    [Fact]
    public void The_file_gives_every_option_its_default()
    {
        var section = Section();
        Assert.Empty(HubOptionsReader.Read(name => section[name], _ => null, isDevelopment: true, out var options));
        var standard = new HubOptions();
        Assert.All(
            HubOptionsReader.All,
            option => Assert.Equal((option.Name, Shown(option.ValueIn(standard))), (option.Name, Shown(option.ValueIn(options))))
        );
    }

    [Fact]
    public void Every_environment_name_stands_in_a_comment_of_the_file()
    {
        var comments = string.Join(
            '\n',
            System.IO.File.ReadLines(File).Where(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal))
        );
        Assert.All(HubOptionsReader.All.SelectMany(o => o.Variables), name => Assert.Matches($@"\b{name}\b", comments));
    }

    [Fact]
    public void Every_option_has_a_comment_above_it_alone_or_with_its_neighbour()
    {
        var commented = false;
        foreach (var line in System.IO.File.ReadLines(File).Select(l => l.Trim()))
        {
            Assert.True(commented || !Member().IsMatch(line), $"{line} has no comment.");
            commented = line.StartsWith("//", StringComparison.Ordinal) || (commented && Member().IsMatch(line) && line.Length > 0);
        }
    }

    private static string? Shown(object? value) =>
        value is System.Collections.IEnumerable list and not string ? string.Join(",", list.Cast<object>()) : value?.ToString();

    private static IConfigurationSection Section() => new ConfigurationBuilder().AddJsonFile(File).Build().GetSection("Hub");

    [GeneratedRegex("""^"[A-Z]\w+":(?! \{)""")]
    private static partial Regex Member();
}
