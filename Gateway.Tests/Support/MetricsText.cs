using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Support;

/// <summary>The text of a scrape, read line by line by rules of its own.</summary>
internal sealed partial class MetricsText
{
    private MetricsText(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                var words = line.Split(' ', 4);
                if (words[1] == "TYPE")
                {
                    Types[words[2]] = words[3];
                }
                continue;
            }
            var match = Line().Match(line);
            Assert.True(match.Success, $"No sample: {line}");
            var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
            Samples.Add(new Sample(match.Groups["name"].Value, labels, Number(match.Groups["value"].Value)));
        }
    }

    public string Text { get; }

    /// <summary>Each family's type.</summary>
    public Dictionary<string, string> Types { get; } = [];

    public List<Sample> Samples { get; } = [];

    public static MetricsText Parse(string text) => new(text);

    public static async Task<MetricsText> ScrapeAsync(HubHost hub, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        }
        using var answer = await hub.Anonymous.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return Parse(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The sum over all series of that name whose labels are as given.</summary>
    public double Sum(string name, params (string Label, string Value)[] labels) =>
        Samples.Where(s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Label) == l.Value)).Sum(s => s.Value);

    private static double Number(string text) =>
        text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        };

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*",?)*)\})? (?<value>\S+)( # \{.*\} \S+ \S+)?$"""
    )]
    private static partial Regex Line();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)",?""")]
    private static partial Regex Label();
}
