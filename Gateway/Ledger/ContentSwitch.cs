using Gateway.Core.Policy;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Whether prompts and answers are kept: what an admin set last (setting <c>log_request_bodies</c>). Off until it is read, and off by
/// default.
/// </summary>
internal sealed class ContentSwitch(IDbContextFactory<HubDbContext> databases) : IChangeConsumer
{
    private volatile bool _isOn;

    public bool IsOn => _isOn;

    /// <inheritdoc />
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        _isOn = await HubSettings.LogRequestBodies.ReadFlagAsync(db, cancellationToken);
    }

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) =>
        changes.Any(HubSettings.LogRequestBodies.IsChangedBy) ? ResetAsync(cancellationToken) : Task.CompletedTask;
}
