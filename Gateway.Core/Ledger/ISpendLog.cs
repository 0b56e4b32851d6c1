using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Core.Ledger;

/// <summary>The upstream's own book of calls. LiteLLM has one where it has a database, and writes it some seconds behind the calls.</summary>
public interface ISpendLog
{
    /// <summary>Reads the calls that began in a period, in no order.</summary>
    /// <param name="from">The first moment, UTC.</param>
    /// <param name="until">The first moment behind it, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SpendLogUnavailableException">There is no book, or it cannot be read now.</exception>
    IAsyncEnumerable<SpendLogCall> ReadAsync(DateTime from, DateTime until, CancellationToken cancellationToken);
}

/// <summary>One row of the upstream's book. A call that was tried again may have several.</summary>
/// <param name="CallIds">All ids of the call that the row names; among them the one that the gateway sent with it.</param>
/// <param name="RequestId">The upstream's own id of the row.</param>
/// <param name="Model">What was asked for.</param>
/// <param name="Spend">What the upstream says it cost.</param>
/// <param name="Usage">The tokens, or null when the row has none.</param>
/// <param name="StartedAt">When it began, UTC.</param>
public sealed record SpendLogCall(IReadOnlyList<string> CallIds, string RequestId, string Model, Money Spend, ReportedUsage? Usage, DateTime StartedAt);

/// <summary>The upstream keeps no book, or it cannot be read now.</summary>
public sealed class SpendLogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
