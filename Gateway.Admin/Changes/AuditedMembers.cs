using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Gateway.Admin.Changes;

/// <summary>What an audit entry shows of a row: the members that changed, by column name, secrets masked.</summary>
internal static class AuditedMembers
{
    private const string Mask = "********";

    private static readonly HashSet<string> Secrets = [nameof(User.PasswordHash), nameof(ApiKey.SecretHash), nameof(ApiKey.PreviousSecretHash)];

    // Bookkeeping, and copies of a member that is shown anyway.
    private static readonly HashSet<string> Omitted = [nameof(User.UsernameKey), nameof(User.SearchKey), nameof(Tier.NameKey), nameof(RateLimitRow.ScopeKey), nameof(User.CreatedAt), nameof(User.UpdatedAt), nameof(User.LastLoginAt)];

    public static (Dictionary<string, object?>? Before, Dictionary<string, object?>? After) Of(EntityEntry row)
    {
        var shown = row.Properties.Where(p => !Omitted.Contains(p.Metadata.Name)).ToList();
        return row.State switch
        {
            EntityState.Added => (null, Members(shown.Where(p => p.CurrentValue is not null), p => p.CurrentValue)),
            EntityState.Deleted => (Members(shown, p => p.OriginalValue), null),
            _ => (Members(shown.Where(p => p.IsModified), p => p.OriginalValue), Members(shown.Where(p => p.IsModified), p => p.CurrentValue)),
        };
    }

    private static Dictionary<string, object?> Members(IEnumerable<PropertyEntry> properties, Func<PropertyEntry, object?> value) =>
        properties.ToDictionary(p => p.Metadata.GetColumnName(), p => IsSecret(p) && value(p) is not null ? Mask : value(p));

    private static bool IsSecret(PropertyEntry property) =>
        Secrets.Contains(property.Metadata.Name) || (property.EntityEntry.Entity is Setting { IsSecret: true } && property.Metadata.Name == nameof(Setting.Value));
}
