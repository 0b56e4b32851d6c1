using System.Globalization;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Chats;

/// <summary>What admins decided about chats, in memory: a change acts from the next message on.</summary>
internal sealed class ChatSettings(IDbContextFactory<HubDbContext> databases) : IChangeConsumer
{
    private static readonly string[] Keys =
    [
        "default_chat_model",
        "chat_context_messages",
        "chat_temperature",
        "chat_system_prompt",
        "profile_extraction_enabled",
        "profile_extraction_model",
        "max_files_per_user",
    ];

    private volatile ChatSettingValues _current = new();

    /// <summary>What is in force.</summary>
    public ChatSettingValues Current => _current;

    /// <inheritdoc />
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.Settings.Where(s => Keys.Contains(s.Key)).ToDictionaryAsync(s => s.Key, s => s.Value, cancellationToken);
        var standard = new ChatSettingValues();
        _current = new ChatSettingValues
        {
            DefaultModel = stored.GetValueOrDefault("default_chat_model", ""),
            ContextMessages = (int)Whole("chat_context_messages", standard.ContextMessages),
            Temperature = double.TryParse(
                stored.GetValueOrDefault("chat_temperature"),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var temperature
            )
                ? temperature
                : standard.Temperature,
            SystemPrompt = stored.GetValueOrDefault("chat_system_prompt", ""),
            ExtractsProfiles = bool.TryParse(stored.GetValueOrDefault("profile_extraction_enabled"), out var extracts) && extracts,
            ExtractionModel = stored.GetValueOrDefault("profile_extraction_model", ""),
            MostFiles = Whole("max_files_per_user", standard.MostFiles),
        };

        long Whole(string key, long otherwise) =>
            long.TryParse(stored.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : otherwise;
    }

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) =>
        changes.Any(c => c.EntityType == ChangedEntities.Setting && (c.EntityId == "*" || Keys.Contains(c.EntityId)))
            ? ResetAsync(cancellationToken)
            : Task.CompletedTask;
}
