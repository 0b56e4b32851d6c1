using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Tests.Support;

namespace Gateway.Tests.Telemetry;

/// <summary>Every query that stands in the dashboards and rules of the repository.</summary>
internal static partial class WatchedQueries
{
    private static readonly string Folder = Path.Combine(Repository.Root, "grafana");

    public static IEnumerable<string> Dashboards => Directory.GetFiles(Path.Combine(Folder, "dashboards"), "*.json").Order();

    /// <summary>The queries of panels, as Grafana would send them with all values of every variable chosen.</summary>
    public static IEnumerable<(string Where, string Query)> OfPanels() =>
        from file in Dashboards
        from panel in JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("panels").EnumerateArray()
        where panel.TryGetProperty("targets", out _)
        from target in panel.GetProperty("targets").EnumerateArray()
        select (
            $"{Path.GetFileName(file)}: {panel.GetProperty("title").GetString()}",
            Variable()
                .Replace(
                    target.GetProperty("expr").GetString()!,
                    m =>
                        m.Value switch
                        {
                            "$__rate_interval" => "10s",
                            "$__range" => "1m",
                            "$model" or "$tier" or "$node" => ".*",
                            _ => throw new InvalidDataException($"{m.Value} is no variable of the dashboards."),
                        }
                )
        );

    /// <summary>The metric and label of each variable.</summary>
    public static IEnumerable<(string Where, string Metric, string Label)> OfVariables() =>
        from file in Dashboards
        from variable in JsonDocument
            .Parse(File.ReadAllText(file))
            .RootElement.GetProperty("templating")
            .GetProperty("list")
            .EnumerateArray()
        let match = LabelValues().Match(variable.GetProperty("definition").GetString()!)
        select ($"{Path.GetFileName(file)}: {variable.GetProperty("name").GetString()}", match.Groups[1].Value, match.Groups[2].Value);

    /// <summary>The queries of rules: what Prometheus itself made of the files.</summary>
    public static async Task<List<(string Where, string Query)>> OfRulesAsync(PrometheusServer prometheus)
    {
        var rules = await prometheus.GetAsync("/api/v1/rules");
        return
        [
            .. from g in rules.GetProperty("data").GetProperty("groups").EnumerateArray()
            from rule in g.GetProperty("rules").EnumerateArray()
            select ($"rule {rule.GetProperty("name").GetString()}", rule.GetProperty("query").GetString()!),
        ];
    }

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^label_values\((\w+), (\w+)\)$")]
    private static partial Regex LabelValues();
}
