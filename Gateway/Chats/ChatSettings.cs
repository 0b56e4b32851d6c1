using Gateway.Core.Policy;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Chats;

/// <summary>What admins decided about chats, in memory: a change acts from the next message on.</summary>
internal sealed class ChatSettings(IDbContextFactory<HubDbContext> databases) : IChangeConsumer
{
    private static readonly SettingSeed[] Settings =
    [
        HubSettings.DefaultChatModel,
        HubSettings.ChatContextMessages,
        HubSettings.ChatTemperature,
        HubSettings.ChatSystemPrompt,
        HubSettings.ProfileExtractionEnabled,
        HubSettings.ProfileExtractionModel,
        HubSettings.MaxFilesPerUser,
    ];

    private static readonly string[] Keys = [.. Settings.Select(s => s.Key)];

    private volatile ChatSettingValues _current = ValuesOf([]);

    /// <summary>What is in force.</summary>
    public ChatSettingValues Current => _current;

    /// <inheritdoc />
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        _current = ValuesOf(
            await db.Settings.Where(s => Keys.Contains(s.Key)).ToDictionaryAsync(s => s.Key, s => s.Value, cancellationToken)
        );
    }

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) =>
        changes.Any(c => Settings.Any(s => s.IsChangedBy(c))) ? ResetAsync(cancellationToken) : Task.CompletedTask;

    private static ChatSettingValues ValuesOf(Dictionary<string, string> stored)
    {
        return new ChatSettingValues
        {
            DefaultModel = Text(HubSettings.DefaultChatModel),
            ContextMessages = (int)HubSettings.ChatContextMessages.ParseWhole(Find(HubSettings.ChatContextMessages)),
            Temperature = HubSettings.ChatTemperature.ParseNumber(Find(HubSettings.ChatTemperature)),
            SystemPrompt = Text(HubSettings.ChatSystemPrompt),
            ExtractsProfiles = HubSettings.ProfileExtractionEnabled.ParseFlag(Find(HubSettings.ProfileExtractionEnabled)),
            ExtractionModel = Text(HubSettings.ProfileExtractionModel),
            MostFiles = HubSettings.MaxFilesPerUser.ParseWhole(Find(HubSettings.MaxFilesPerUser)),
        };

        string? Find(SettingSeed setting) => stored.GetValueOrDefault(setting.Key);

        string Text(SettingSeed setting) => Find(setting) ?? setting.Value;
    }
}
