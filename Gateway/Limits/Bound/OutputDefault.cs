using System.Globalization;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Limits.Bound;

/// <summary>
/// The maximum that a budgeted call is given where client, model and tier have none: the option <c>DEFAULT_MAX_OUTPUT_TOKENS</c>, else the
/// setting <c>default_max_output_tokens</c>. Without either the call is refused.
/// </summary>
internal sealed class OutputDefault(IDbContextFactory<HubDbContext> databases, BudgetOptions options) : IChangeConsumer
{
    private long _tokens = options.DefaultMaxOutputTokens ?? 0; // 0: none

    /// <summary>Answer tokens per choice; null: none.</summary>
    public long? Tokens => Volatile.Read(ref _tokens) is > 0 and var tokens ? tokens : null;

    /// <inheritdoc />
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        if (options.DefaultMaxOutputTokens is not null)
        {
            return;
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await HubSettings.DefaultMaxOutputTokens.FindTextAsync(db, cancellationToken);
        Volatile.Write(ref _tokens, long.TryParse(stored, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) ? tokens : 0);
    }

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) =>
        changes.Any(HubSettings.DefaultMaxOutputTokens.IsChangedBy) ? ResetAsync(cancellationToken) : Task.CompletedTask;
}
