using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Policy;

/// <summary>Something that keeps in memory what admins change: a cache, the policy.</summary>
public interface IChangeConsumer
{
    /// <summary>Forgets or reads everything: called once at start.</summary>
    Task ResetAsync(CancellationToken cancellationToken);

    /// <summary>Takes changes into account. May be called twice with the same ones.</summary>
    Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken);
}
