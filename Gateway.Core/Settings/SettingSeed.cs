using System.Globalization;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Settings;

/// <summary>
/// A setting as it comes with the product. It is read where it is needed, and there is no copy in memory, so that a change acts at once on
/// every node.
/// </summary>
/// <param name="Category">The page of the settings that it stands on.</param>
/// <param name="Key">Its name.</param>
/// <param name="Type"><c>string</c>, <c>number</c> or <c>boolean</c>.</param>
/// <param name="Value">Its default.</param>
/// <param name="Description">What it does.</param>
/// <param name="IsSecret">Whether it is stored encrypted and never sent.</param>
/// <param name="Rule">What holds for values beyond their type; null: nothing.</param>
/// <param name="IsOptional">Whether it may have no value: null, stored as an empty text.</param>
public sealed record SettingSeed(
    string Category,
    string Key,
    string Type,
    string Value,
    string Description,
    bool IsSecret = false,
    SettingRule? Rule = null,
    bool IsOptional = false
)
{
    /// <summary>Whether an entry of the change log names this setting, or all settings.</summary>
    public bool IsChangedBy(ChangeLogEntry entry) =>
        entry.EntityType == ChangedEntities.Setting && (entry.EntityId == Key || entry.EntityId == "*");

    /// <summary>The row that the first start writes.</summary>
    public Setting ToRow(DateTime now) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Key = Key,
            Value = Value,
            Description = Description,
            Type = Type,
            Category = Category,
            IsSecret = IsSecret,
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <summary>The value as it is stored, an encrypted one for a secret; null when there is no row.</summary>
    public Task<string?> FindTextAsync(HubDbContext db, CancellationToken cancellationToken) =>
        db.Settings.Where(s => s.Key == Key).Select(s => s.Value).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The value as it is stored, an encrypted one for a secret; the default when there is no row.</summary>
    public async Task<string> ReadTextAsync(HubDbContext db, CancellationToken cancellationToken) =>
        await FindTextAsync(db, cancellationToken) ?? Value;

    /// <summary>A whole number; the default when the stored text is no such number.</summary>
    public async Task<long> ReadWholeAsync(HubDbContext db, CancellationToken cancellationToken) =>
        ParseWhole(await FindTextAsync(db, cancellationToken));

    /// <summary>Yes or no; the default when the stored text is neither.</summary>
    public async Task<bool> ReadFlagAsync(HubDbContext db, CancellationToken cancellationToken) =>
        ParseFlag(await FindTextAsync(db, cancellationToken));

    /// <summary>A stored text as a whole number; the default when it is no such number.</summary>
    public long ParseWhole(string? stored) =>
        long.TryParse(stored, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : long.Parse(Value, CultureInfo.InvariantCulture);

    /// <summary>A stored text as a number; the default when it is no number.</summary>
    public double ParseNumber(string? stored) =>
        double.TryParse(stored, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : double.Parse(Value, CultureInfo.InvariantCulture);

    /// <summary>A stored text as yes or no; the default when it is neither.</summary>
    public bool ParseFlag(string? stored) => bool.TryParse(stored, out var flag) ? flag : bool.Parse(Value);

    /// <summary>An amount in USD; the default when the stored text is no amount.</summary>
    public async Task<Money> ReadMoneyAsync(HubDbContext db, CancellationToken cancellationToken) =>
        Money.TryParse(await ReadTextAsync(db, cancellationToken), out var money) ? money
        : Money.TryParse(Value, out var standard) ? standard
        : Money.Zero;
}
