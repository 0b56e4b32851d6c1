using System.Globalization;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Settings;

/// <summary>Reads settings where they are needed. There is no copy in memory, so that a change acts at once on every node.</summary>
internal static class StoredSettings
{
    public const string SignupCredit = "signup_credit";
    public const string DefaultCurrency = "default_currency";
    public const string FreeTierRequiresApproval = "free_tier_requires_approval";
    public const string RegistrationEnabled = "registration_enabled";
    public const string MaxApiKeysPerUser = "max_api_keys_per_user";
    public const string DefaultChatModel = "default_chat_model";
    public const string MaxFilesPerUser = "max_files_per_user";
    public const string LiteLlmBaseUrl = "litellm_base_url";
    public const string LiteLlmApiKey = "litellm_api_key";
    public const string LiteLlmTimeout = "litellm_timeout_ms";
    public const string LiteLlmRetries = "litellm_retries";
    public const string WebhookUrl = "webhook_url";
    public const string WebhookSecret = "webhook_secret";

    /// <summary>The value as it is stored, an encrypted one for a secret; the default when there is no row.</summary>
    public static async Task<string> ReadTextAsync(HubDbContext db, string key, CancellationToken cancellationToken) =>
        await db.Settings.Where(s => s.Key == key).Select(s => s.Value).FirstOrDefaultAsync(cancellationToken)
        ?? SettingSeeds.ByKey[key].Value;

    public static async Task<long> ReadWholeAsync(HubDbContext db, string key, CancellationToken cancellationToken) =>
        long.TryParse(await ReadTextAsync(db, key, cancellationToken), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : long.Parse(SettingSeeds.ByKey[key].Value, CultureInfo.InvariantCulture);

    public static async Task<bool> ReadFlagAsync(HubDbContext db, string key, CancellationToken cancellationToken) =>
        bool.TryParse(await ReadTextAsync(db, key, cancellationToken), out var flag) ? flag : bool.Parse(SettingSeeds.ByKey[key].Value);

    public static async Task<Money> ReadMoneyAsync(HubDbContext db, string key, CancellationToken cancellationToken) =>
        Money.TryParse(await ReadTextAsync(db, key, cancellationToken), out var money) ? money
        : Money.TryParse(SettingSeeds.ByKey[key].Value, out var standard) ? standard
        : Money.Zero;
}
