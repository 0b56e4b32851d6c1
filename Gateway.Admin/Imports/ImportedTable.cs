namespace Gateway.Admin.Imports;

/// <summary>What became of a table's rows.</summary>
/// <param name="Table">The table in the source.</param>
public sealed record ImportedTable(string Table)
{
    private const int MostExamples = 5;

    private readonly Dictionary<string, (long Rows, List<string> Examples)> _leftOut = [];

    /// <summary>Rows that were read.</summary>
    public long Read { get; private set; }

    /// <summary>Rows that are new here.</summary>
    public long Created { get; internal set; }

    /// <summary>Rows that were here already, by their id or by what makes them one of a kind; they stay as they are.</summary>
    public long AlreadyThere { get; internal set; }

    /// <summary>Rows that were not taken over.</summary>
    public IReadOnlyList<LeftOut> LeftOut => [.. _leftOut.Select(l => new LeftOut(l.Key, l.Value.Rows, l.Value.Examples))];

    internal void Count() => Read++;

    internal void Leave(string reason, string id)
    {
        var (rows, examples) = _leftOut.GetValueOrDefault(reason, (0, []));
        if (examples.Count < MostExamples)
        {
            examples.Add(id);
        }
        _leftOut[reason] = (rows + 1, examples);
    }
}
