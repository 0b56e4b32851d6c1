namespace Gateway.Core.Ledger;

/// <summary>One table of counters: what it should hold by the ledger's rows, compared with what it holds.</summary>
/// <param name="name">The table.</param>
/// <param name="keyOf">A row's key as text.</param>
/// <param name="columns">The columns that are sums.</param>
internal sealed class CounterTable<T>(string name, Func<T, string> keyOf, params CounterColumn<T>[] columns)
    where T : class
{
    private readonly Dictionary<string, T> _expected = new(StringComparer.Ordinal);

    /// <summary>Counters compared so far.</summary>
    public long Compared { get; private set; }

    /// <summary>Adds sums to what the table should hold.</summary>
    public void Add(IEnumerable<T> sums)
    {
        foreach (var sum in sums)
        {
            if (!_expected.TryAdd(keyOf(sum), sum))
            {
                var known = _expected[keyOf(sum)];
                foreach (var column in columns)
                {
                    column.Write(known, column.Sum(column.Read(known), column.Read(sum)));
                }
            }
        }
    }

    /// <summary>Compares a stored row; each is to be given once.</summary>
    /// <param name="stored">The row.</param>
    /// <param name="mends">Whether its columns are set right.</param>
    public IEnumerable<LedgerDifference> Compare(T stored, bool mends)
    {
        _expected.Remove(keyOf(stored), out var expected);
        foreach (var column in columns)
        {
            Compared++;
            var (right, found) = (expected is null ? 0 : column.Read(expected), column.Read(stored));
            if (right != found)
            {
                if (mends)
                {
                    column.Write(stored, right);
                }
                yield return new LedgerDifference(name, keyOf(stored), column.Name, right, found);
            }
        }
    }

    /// <summary>What should be there and was not among the stored rows; those whose every column is zero are not missed.</summary>
    public IEnumerable<(T Row, IReadOnlyList<LedgerDifference> Differences)> Missing()
    {
        foreach (var (key, row) in _expected)
        {
            Compared += columns.Length;
            List<LedgerDifference> differences =
            [
                .. columns.Where(c => c.Read(row) != 0).Select(c => new LedgerDifference(name, key, c.Name, c.Read(row), 0)),
            ];
            if (differences.Count > 0)
            {
                yield return (row, differences);
            }
        }
    }
}
