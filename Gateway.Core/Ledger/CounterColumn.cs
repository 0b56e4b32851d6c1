namespace Gateway.Core.Ledger;

/// <summary>A column that is a sum.</summary>
internal sealed record CounterColumn<T>(string Name, Func<T, long> Read, Action<T, long> Write)
{
    private readonly bool _isMoney = Name.EndsWith("_nano_usd", StringComparison.Ordinal);

    /// <summary>A sum as the database makes it.</summary>
    public long Sum(long left, long right) => _isMoney ? Saturating.Add(left, right) : Saturating.Count((Int128)left + right);
}
