using System.Data.Common;

namespace Gateway.Core.Storage.Providers;

/// <summary>Work that one process does at a time (<see cref="StoreProvider.TakeTurnAsync"/>): a connection that holds a lock.</summary>
internal sealed class WorkTurn(DbConnection? connection) : IAsyncDisposable
{
    /// <summary>There is nobody to wait for.</summary>
    public static readonly WorkTurn OfNobodyElse = new(null);

    /// <summary>Closes the connection, and the lock goes with it.</summary>
    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? default;
}
