using System.Text.Json;
using Gateway.Core.Json;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Changes;

/// <summary>
/// One change of what people decide: the rows, the audit entries and the change-log entries in one transaction, in force on this node when
/// <see cref="CommitAsync"/> returns. Left without a commit, nothing has happened.
/// </summary>
public sealed partial class Change : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new UtcTimeConverter() } };

    private readonly List<(string EntityType, string EntityId, string? EntityKey)> _touched = [];
    private readonly IDbContextTransaction _transaction;
    private readonly ChangeActor _actor;
    private readonly ChangeFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<Change> _logger;

    internal Change(
        HubDbContext db,
        IDbContextTransaction transaction,
        ChangeActor actor,
        ChangeFeed feed,
        TimeProvider time,
        ILogger<Change> logger
    )
    {
        (Db, _transaction, _actor, _feed, _time, _logger) = (db, transaction, actor, feed, time, logger);
        Now = time.UtcNow();
    }

    /// <summary>The rows, in the transaction of the change.</summary>
    public HubDbContext Db { get; }

    /// <summary>The moment of the change.</summary>
    public DateTime Now { get; }

    /// <summary>
    /// Waits until no other change, on any node, is under way, and keeps others waiting: for changes that look at rows and decide by them.
    /// Locks the row that every change locks in the end.
    /// </summary>
    public Task OneAtATimeAsync(CancellationToken cancellationToken) =>
        Db.PolicyRevisions.ExecuteUpdateAsync(set => set.SetProperty(r => r.Revision, r => r.Revision), cancellationToken);

    /// <summary>Names what nodes must read again.</summary>
    public void Touch(string entityType, string entityId, string? entityKey = null)
    {
        if (!_touched.Contains((entityType, entityId, entityKey)))
        {
            _touched.Add((entityType, entityId, entityKey));
        }
    }

    /// <summary>
    /// Writes down who did what: the changed members of a tracked row, secrets masked, and others that belong to it. Call it after the row
    /// was changed.
    /// </summary>
    public void Audit(
        string action,
        string entityType,
        string entityId,
        object row,
        IReadOnlyDictionary<string, object?>? alsoBefore = null,
        IReadOnlyDictionary<string, object?>? alsoAfter = null
    )
    {
        Db.ChangeTracker.DetectChanges();
        var (before, after) = AuditedMembers.Of(Db.Entry(row));
        WriteAudit(action, entityType, entityId, Join(before, alsoBefore), Join(after, alsoAfter));
    }

    /// <summary>Writes down who did what, where no row tells it. The members must hold no secrets.</summary>
    public void AuditEvent(string action, string entityType, string entityId, IReadOnlyDictionary<string, object?>? members = null) =>
        WriteAudit(action, entityType, entityId, null, members);

    /// <summary>Stores everything and puts it in force here.</summary>
    /// <param name="cancellationToken">Holds until the commit; from there on the change is made, even if its client has left.</param>
    public Task CommitAsync(CancellationToken cancellationToken) => CommitAsync<object>(cancellationToken, rule: null);

    /// <summary>The same, when a rule over all rows (the last admin, a maximum count) holds.</summary>
    /// <param name="cancellationToken">Holds until the commit; from there on the change is made, even if its client has left.</param>
    /// <param name="rule">
    /// Asked when the revision's row is locked, so that of two changes which break it only together one is refused.
    /// </param>
    /// <returns>What the rule said; null when the change is made.</returns>
    public async Task<TRefusal?> CommitAsync<TRefusal>(CancellationToken cancellationToken, Func<HubDbContext, Task<TRefusal?>>? rule)
        where TRefusal : class
    {
        await Db.SaveChangesAsync(cancellationToken);
        foreach (var (entityType, entityId, entityKey) in _touched)
        {
            await ChangeLog.AppendAsync(Db, entityType, entityId, entityKey, _time, cancellationToken);
        }
        if (rule is not null && await rule(Db) is { } refusal)
        {
            return refusal;
        }
        await _transaction.CommitAsync(CancellationToken.None);
        if (_touched.Count > 0)
        {
            await PutInForceAsync();
        }
        return null;
    }

    /// <summary>Without a commit before it, nothing has happened.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Db.DisposeAsync();
    }

    private static IReadOnlyDictionary<string, object?>? Join(
        IReadOnlyDictionary<string, object?>? members,
        IReadOnlyDictionary<string, object?>? more
    ) => members is null || more is null or { Count: 0 } ? members ?? more : members.Concat(more).ToDictionary();

    private void WriteAudit(
        string action,
        string entityType,
        string entityId,
        IReadOnlyDictionary<string, object?>? before,
        IReadOnlyDictionary<string, object?>? after
    ) =>
        Db.AuditLog.Add(
            new AuditEntry
            {
                Id = Guid.CreateVersion7().ToString(),
                ActorId = _actor.UserId,
                ActorRole = _actor.Role,
                Action = action,
                EntityType = entityType,
                EntityId = entityId,
                Before = before is null ? null : JsonSerializer.Serialize(before, Json),
                After = after is null ? null : JsonSerializer.Serialize(after, Json),
                Ip = _actor.Ip,
                RequestId = _actor.RequestId,
                CreatedAt = Now,
            }
        );

    // The change is made; if it cannot be read back now, the feed's own round does it a moment later.
    private async Task PutInForceAsync()
    {
        try
        {
            await _feed.CatchUpAsync(CancellationToken.None);
        }
        catch (Exception fault)
        {
            Log.NotYetInForce(_logger, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A change is stored but not in force here yet; the change feed will try again.")]
        public static partial void NotYetInForce(ILogger logger, Exception fault);
    }
}
