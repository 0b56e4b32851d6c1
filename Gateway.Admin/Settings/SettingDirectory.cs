using System.Text.Json;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Settings;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Settings;

/// <summary>Changes settings, all of one request or none. Values keep to their type and rule; secrets are stored encrypted.</summary>
internal sealed class SettingDirectory(ChangeWriter changes, SecretBox secrets)
{
    /// <summary>What a secret reads as; written back, it changes nothing.</summary>
    public const string Mask = "********";

    private const int LongestValue = 10_000;

    /// <summary>Reads a value of a setting as a client sent it: a text, a number or a boolean.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="field">The member's name in the body.</param>
    /// <param name="sent">The value.</param>
    /// <param name="value">The value as it is stored.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static MemberFault? Read(SettingSeed setting, string field, JsonElement sent, out string value)
    {
        var text = sent.ValueKind switch
        {
            JsonValueKind.String => JsonValues.TextOf(sent).Trim(),
            JsonValueKind.Number => sent.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Null when setting.IsOptional => "",
            _ => null,
        };
        value = text ?? "";
        if (setting.IsOptional && text is { Length: 0 })
        {
            return null;
        }
        if (text is null || text.Length > LongestValue || text.Contains('\0') || !HasType(setting.Type, text))
        {
            return new MemberFault(field, setting.Type, $"must be a {setting.Type}");
        }
        return !(setting.IsSecret && text == Mask) && setting.Rule is { } rule && !rule.Holds(text)
            ? new MemberFault(field, "rule", $"must be {rule.Expected}{(setting.IsOptional ? ", or null for none" : "")}")
            : null;
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(IReadOnlyDictionary<string, string> values, Actor actor, CancellationToken cancellationToken)
    {
        var wanted = values.Where(v => !(HubSettings.ByKey[v.Key].IsSecret && v.Value == Mask)).ToDictionary();
        if (!secrets.IsReady && wanted.Any(v => HubSettings.ByKey[v.Key].IsSecret && v.Value.Length > 0))
        {
            return ApiError.Conflict("Secret settings need ENCRYPTION_KEY, which is not set");
        }
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var keys = wanted.Keys.ToList();
        var rows = await change.Db.Settings.Where(s => keys.Contains(s.Key)).ToDictionaryAsync(s => s.Key, cancellationToken);
        foreach (var (key, value) in wanted.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!rows.TryGetValue(key, out var row))
            {
                row = HubSettings.ByKey[key].ToRow(change.Now);
                change.Db.Settings.Add(row);
            }
            var stored = row.IsSecret ? secrets.Close(key, value) : value;
            if (!row.IsSecret && row.Value == stored)
            {
                continue;
            }
            (row.Value, row.UpdatedAt) = (stored, change.Now);
            change.Audit("setting.updated", ChangedEntities.Setting, key, row);
            change.Touch(ChangedEntities.Setting, key);
        }
        await change.CommitAsync(cancellationToken);
        return null;
    }

    private static bool HasType(string type, string text) =>
        type switch
        {
            SettingTypes.Number => decimal.TryParse(
                text,
                System.Globalization.NumberStyles.Float,
                System.Globalization.CultureInfo.InvariantCulture,
                out _
            ),
            SettingTypes.Flag => text is "true" or "false",
            _ => true,
        };
}
