using System.Text.Json;

namespace Gateway.Benchmarks.Operator;

/// <summary>The figures that were accepted last: a file of the repository, which a run is compared with.</summary>
/// <param name="Machine">Where and when they were measured.</param>
/// <param name="Figures">By name.</param>
internal sealed record AcceptedFigures(string Machine, SortedDictionary<string, Figure> Figures)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Reads them; null when there are none yet.</summary>
    public static AcceptedFigures? Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<AcceptedFigures>(File.ReadAllText(path)) : null;

    /// <summary>Makes these the accepted ones; those that this run did not measure stay.</summary>
    public void Accept(string path)
    {
        var figures = Read(path)?.Figures ?? [];
        foreach (var (name, figure) in Figures)
        {
            figures[name] = new Figure(Math.Round(figure.Value, 3), Math.Round(figure.Low, 3), Math.Round(figure.High, 3));
        }
        File.WriteAllText(path, JsonSerializer.Serialize(this with { Figures = figures }, Readable) + Environment.NewLine);
    }

    /// <summary>Says what got worse than accepted by more than the noise.</summary>
    /// <returns>How many figures.</returns>
    public int Compare(AcceptedFigures accepted, TextWriter output)
    {
        var worse = Figures
            .Where(f => accepted.Figures.TryGetValue(f.Key, out var before) && f.Value.WorseBy(before) > 0)
            .Select(f => (Name: f.Key, Now: f.Value, Before: accepted.Figures[f.Key]))
            .ToList();
        output.WriteLine();
        output.WriteLine($"Compared with {accepted.Machine}:");
        foreach (var (name, now, before) in worse)
        {
            output.WriteLine(
                $"WORSE {name}: {now.Value:F2} ({now.Low:F2} to {now.High:F2}), accepted {before.Value:F2} ({before.Low:F2} to {before.High:F2})"
            );
        }
        output.WriteLine(worse.Count == 0 ? "Nothing got worse by more than the noise." : $"{worse.Count} figures got worse.");
        return worse.Count;
    }
}
