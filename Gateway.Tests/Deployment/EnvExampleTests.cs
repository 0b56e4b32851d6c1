using System.Text.RegularExpressions;
using Gateway.Core.Configuration;
using Gateway.Tests.Support;

namespace Gateway.Tests.Deployment;

/// <summary><c>.env.example</c> tells of every option, with the default that it has.</summary>
public sealed partial class EnvExampleTests
{
    // What docker-compose.yml hands to the other services.
    private static readonly string[] OfOthers = ["GRAFANA_PASSWORD", "LITELLM_MASTER_KEY", "OPENAI_API_KEY", "POSTGRES_PASSWORD"];

    private static readonly Dictionary<string, string> Lines = File.ReadLines(Path.Combine(Repository.Root, ".env.example"))
        .Select(l => Line().Match(l))
        .Where(m => m.Success)
        .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    [Fact]
    public void Every_option_is_there_and_nothing_else()
    {
        var options = HubOptionsReader.All.Select(o => o.Variables[0]).ToList();
        Assert.Equal([], options.Except(Lines.Keys).Select(name => $"add to .env.example: # {name}="));
        Assert.Equal([], Lines.Keys.Except(options).Except(OfOthers).Order());
    }

    [Fact]
    public void The_values_are_the_defaults()
    {
        foreach (var option in HubOptionsReader.All.Where(o => Lines.GetValueOrDefault(o.Variables[0]) is { Length: > 0 }))
        {
            var name = option.Variables[0];
            Assert.Empty(HubOptionsReader.Read(_ => null, n => n == name ? Lines[name] : null, isDevelopment: true, out var given));
            Assert.Empty(HubOptionsReader.Read(_ => null, _ => null, isDevelopment: true, out var standard));
            Assert.Equal((name, Shown(option.ValueIn(standard))), (name, Shown(option.ValueIn(given))));
        }
    }

    private static string? Shown(object? value) =>
        value is System.Collections.IEnumerable list and not string ? string.Join(",", list.Cast<object>()) : value?.ToString();

    [GeneratedRegex(@"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$")]
    private static partial Regex Line();
}
