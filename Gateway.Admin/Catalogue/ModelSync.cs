using Gateway.Admin.Catalogue;
using Gateway.Admin.Changes;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin;

/// <summary>
/// Brings models, companies and prices of the upstream into the catalogue. What admins decided stays: switches, texts they edited, prices
/// they set. A second run changes nothing.
/// </summary>
public sealed class ModelSync
{
    private const int Attempts = 3;

    private readonly Lock _gate = new();
    private readonly UpstreamCatalogue _upstream;
    private readonly CatalogueUpdate _catalogue;
    private readonly ChangeWriter _changes;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly Dictionary<SyncKind, Task<SyncResult>> _running = [];

    internal ModelSync(
        UpstreamCatalogue upstream,
        CatalogueUpdate catalogue,
        ChangeWriter changes,
        TimeProvider time,
        IHostApplicationLifetime lifetime
    ) => (_upstream, _catalogue, _changes, _time, _lifetime) = (upstream, catalogue, changes, time, lifetime);

    /// <summary>Whether a sync of models was begun since the start of the process.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Syncs, or joins the sync that is under way and gets its result.</summary>
    /// <param name="ct">Ends the waiting, not the sync.</param>
    public Task<SyncResult> SyncModelsAsync(CancellationToken ct) => SyncAsync(SyncKind.Models, ct);

    /// <summary>Syncs, and of one upstream also when its models do not come in by themselves.</summary>
    internal Task<SyncResult> SyncUpstreamAsync(string upstream, CancellationToken ct) =>
        Task.Run(() => RunAsync(SyncKind.Models, upstream, _lifetime.ApplicationStopping), CancellationToken.None).WaitAsync(ct);

    /// <summary>As <see cref="SyncModelsAsync"/>, of another kind.</summary>
    internal Task<SyncResult> SyncAsync(SyncKind kind, CancellationToken ct)
    {
        lock (_gate)
        {
            if (!_running.TryGetValue(kind, out var running) || running.IsCompleted)
            {
                HasBegun |= kind == SyncKind.Models;
                _running[kind] = running = Task.Run(() => RunAsync(kind, null, _lifetime.ApplicationStopping), CancellationToken.None);
            }
            return running.WaitAsync(ct);
        }
    }

    private async Task<SyncResult> RunAsync(SyncKind kind, string? also, CancellationToken stopping)
    {
        var start = _time.GetTimestamp();
        var reading = kind == SyncKind.Models ? await _upstream.ReadAsync(also, stopping) : await _upstream.ReadGroupsAsync(stopping);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result =
                    kind == SyncKind.Companies
                        ? await _catalogue.ApplyCompaniesAsync(reading, stopping)
                        : await _catalogue.ApplyAsync(reading, stopping);
                return result with { DurationMs = (long)_time.GetElapsedTime(start).TotalMilliseconds };
            }
            catch (DbUpdateException fault) when (attempt < Attempts && _changes.IsUniqueViolation(fault))
            {
                // An admin made the same model or company at this moment: look again.
            }
        }
    }
}
