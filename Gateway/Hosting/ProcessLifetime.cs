namespace Gateway.Hosting;

/// <summary>
/// Leaves signals to the process (<see cref="StopSignals"/>). The framework's own lifetime takes them from the moment its host starts,
/// which is after migrations and replay, and of several hosts in a process each would take them for itself.
/// </summary>
internal sealed class ProcessLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
