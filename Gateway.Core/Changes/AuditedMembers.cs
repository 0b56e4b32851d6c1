using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Gateway.Core.Changes;

/// <summary>
/// What an audit entry shows of a row: the members that changed, by their names in the API, money in USD, secrets masked.
/// </summary>
internal static class AuditedMembers
{
    private const string Mask = "********";

    private static readonly HashSet<string> Secrets =
    [
        nameof(User.PasswordHash),
        nameof(ApiKey.SecretHash),
        nameof(ApiKey.PreviousSecretHash),
        nameof(UpstreamRow.SealedKey),
    ];

    // Bookkeeping, and copies of a member that is shown anyway.
    private static readonly HashSet<string> Omitted =
    [
        nameof(User.UsernameKey),
        nameof(User.SearchKey),
        nameof(Tier.NameKey),
        nameof(RateLimitRow.ScopeKey),
        nameof(CatalogModel.AdminEdited),
        nameof(User.CreatedAt),
        nameof(User.UpdatedAt),
        nameof(User.LastLoginAt),
    ];

    private const string NanoUsd = "NanoUsd";
    private const string NanoUsdColumn = "_nano_usd";

    // Where the API has another word than the column.
    private static readonly Dictionary<string, string> Names = new()
    {
        [nameof(BudgetRow.ResetAnchor)] = "reset_at",
        [nameof(CatalogModel.SupportedOpenAiParams)] = "supported_openai_params",
        [nameof(ApiKey.Preview)] = "api_key_preview",
        [nameof(ApiKey.SecretHash)] = "secret",
        [nameof(UpstreamRow.SealedKey)] = "api_key",
        [nameof(UpstreamRow.SyncsModels)] = "sync_models",
        [nameof(ApiKey.PreviousSecretHash)] = "previous_secret",
        [nameof(User.PasswordHash)] = "password",
        [nameof(Tombstone.LiftedAt)] = "restored_at",
    };

    public static (Dictionary<string, object?>? Before, Dictionary<string, object?>? After) Of(EntityEntry row)
    {
        var shown = row.Properties.Where(p => !Omitted.Contains(p.Metadata.Name)).ToList();
        return row.State switch
        {
            EntityState.Added => (null, Members(shown.Where(p => p.CurrentValue is not null), p => p.CurrentValue)),
            EntityState.Deleted => (Members(shown, p => p.OriginalValue), null),
            _ => (
                Members(shown.Where(p => p.IsModified), p => p.OriginalValue),
                Members(shown.Where(p => p.IsModified), p => p.CurrentValue)
            ),
        };
    }

    private static Dictionary<string, object?> Members(IEnumerable<PropertyEntry> properties, Func<PropertyEntry, object?> value) =>
        properties.ToDictionary(
            p => NameOf(p.Metadata),
            p => IsSecret(p) && value(p) is not null ? Mask : Shown(p.Metadata.Name, value(p))
        );

    // Columns name their unit; the API has money in USD.
    private static string NameOf(IProperty property) =>
        Names.TryGetValue(property.Name, out var name) ? name
        : property.Name.EndsWith(NanoUsd, StringComparison.Ordinal) ? property.GetColumnName()[..^NanoUsdColumn.Length]
        : property.GetColumnName();

    private static object? Shown(string property, object? value) =>
        property.EndsWith(NanoUsd, StringComparison.Ordinal) && value is long nano ? Money.UsdOf(nano) : value;

    private static bool IsSecret(PropertyEntry property) =>
        Secrets.Contains(property.Metadata.Name)
        || (property.EntityEntry.Entity is Setting { IsSecret: true } && property.Metadata.Name == nameof(Setting.Value));
}
