using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Gateway.Benchmarks.Scale;

/// <summary>Notes the commands that each request sent to the database, by the request's id; nothing of background work.</summary>
internal sealed class SqlWatch(IHttpContextAccessor http) : DbCommandInterceptor
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SentCommand>> _requests = [];
    private readonly ConcurrentDictionary<string, int> _rows = [];

    /// <summary>What a request with that <c>X-Request-Id</c> sent, and forgets it.</summary>
    public IReadOnlyList<SentCommand> Take(string requestId) => _requests.TryRemove(requestId, out var sent) ? [.. sent] : [];

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        if (http.HttpContext?.Request.Headers["X-Request-Id"].ToString() is { Length: > 0 } id)
        {
            _requests
                .GetOrAdd(id, _ => [])
                .Enqueue(
                    new SentCommand(
                        command.CommandText,
                        [.. command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName, p.Value))]
                    )
                );
        }
        return ValueTask.FromResult(result);
    }

    /// <summary>The most rows that one command of a request with that id read, so far.</summary>
    public int MostRowsOf(string requestId) => _rows.GetValueOrDefault(requestId);

    public override InterceptionResult DataReaderDisposing(
        DbCommand command,
        DataReaderDisposingEventData eventData,
        InterceptionResult result
    )
    {
        if (http.HttpContext?.Request.Headers["X-Request-Id"].ToString() is { Length: > 0 } id)
        {
            _rows.AddOrUpdate(id, eventData.ReadCount, (_, most) => Math.Max(most, eventData.ReadCount));
        }
        return result;
    }
}
