using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Gateway.Core.Storage.Mapping;

/// <summary>
/// What holds for the columns of every table: names are snake_case, times are UTC and rounded down to microseconds, lists are JSON text.
/// </summary>
internal static class ColumnConventions
{
    /// <summary>To be called after every table is mapped.</summary>
    public static void ApplyColumnConventions(this ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
            ConvertTimesAndLists(property);
        }
    }

    private static void ConvertTimesAndLists(IMutableProperty property)
    {
        if (property.ClrType == typeof(DateTime))
        {
            property.SetValueConverter(
                new ValueConverter<DateTime, DateTime>(t => UtcTime.ToStored(t), t => DateTime.SpecifyKind(t, DateTimeKind.Utc))
            );
        }
        else if (property.ClrType == typeof(DateTime?))
        {
            property.SetValueConverter(
                new ValueConverter<DateTime?, DateTime?>(
                    t => t == null ? null : UtcTime.ToStored(t.Value),
                    t => t == null ? null : DateTime.SpecifyKind(t.Value, DateTimeKind.Utc)
                )
            );
        }
        else if (property.ClrType == typeof(List<string>))
        {
            property.SetValueConverter(
                new ValueConverter<List<string>, string>(
                    list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
                    text => JsonSerializer.Deserialize<List<string>>(text, JsonSerializerOptions.Default) ?? new List<string>()
                )
            );
            property.SetValueComparer(
                new ValueComparer<List<string>>(
                    (a, b) => a!.SequenceEqual(b!),
                    list => list.Aggregate(0, (hash, item) => HashCode.Combine(hash, item)),
                    list => list.ToList()
                )
            );
        }
    }

    // "InputTokens" is input_tokens, "CacheWrite1hTokens" is cache_write1h_tokens, "TotalCostNanoUsd" is total_cost_nano_usd.
    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}
