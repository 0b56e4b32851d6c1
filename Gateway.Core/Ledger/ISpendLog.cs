namespace Gateway.Core.Ledger;

/// <summary>
/// The upstream's own log of calls. LiteLLM has one where it has a database, and writes it some seconds after the calls.
/// </summary>
public interface ISpendLog
{
    /// <summary>Reads the calls that began in a period, in no order.</summary>
    /// <param name="from">The first moment, UTC.</param>
    /// <param name="until">The first moment after it, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SpendLogUnavailableException">There is no book, or it cannot be read now.</exception>
    IAsyncEnumerable<SpendLogCall> ReadAsync(DateTime from, DateTime until, CancellationToken cancellationToken);
}
