using Gateway.Core.Background;

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// Reads again what a broken connection kept from being read. A server that was restarted, or another one that took its place, is found out
/// by the use of each connection that was open before: the next one may be good. Whoever waits keeps its own limit on the whole.
/// </summary>
public static class DatabaseReads
{
    private const int MostTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs it up to five times, with scattered pauses, as long as its fault is one that passes soon.</summary>
    /// <param name="read">What is done; it must have no effect, or none that a second time changes.</param>
    /// <exception cref="Exception">What the last try threw.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> read)
    {
        var pauses = new Pauses(FirstPause, LongestPause);
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await read();
            }
            catch (Exception fault) when (tries < MostTries && DatabaseFaults.PassesSoon(fault))
            {
                await Task.Delay(pauses.Next());
            }
        }
    }
}
