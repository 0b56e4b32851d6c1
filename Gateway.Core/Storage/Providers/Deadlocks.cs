using Gateway.Core.Background;

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// Runs a transaction again that the database ended so that another one could go on. Nothing of it has happened then, and the one that
/// it waited for is further on.
/// </summary>
public static class Deadlocks
{
    private const int MostTries = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);

    /// <summary>Runs the whole of a transaction, from its beginning to its commit.</summary>
    /// <param name="transaction">What is done; it must have no effect but the transaction's.</param>
    /// <param name="mayRunAgain">Asked before another try; null: always.</param>
    /// <exception cref="System.Data.Common.DbException">The tenth try ended as those before.</exception>
    public static async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> transaction, Func<bool>? mayRunAgain = null)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await transaction();
            }
            catch (Exception fault) when (tries < MostTries && DatabaseFaults.IsDeadlock(fault) && mayRunAgain?.Invoke() is not false)
            {
                // The other one holds its locks now: this one waits for them instead of crossing it. Where many cross, they spread.
                await (tries == 1 ? Task.CompletedTask : Task.Delay(Pauses.Scattered(FirstPause * Math.Pow(2, tries - 2))));
            }
        }
    }
}
