using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Gateway.Core.Storage.Mapping;

/// <summary>
/// The columns of the ledger and its sums are narrower than those of other tables: ids of calls are 16 bytes, times are microseconds since
/// 1970, levels of detail are numbers.
/// </summary>
internal static class LedgerColumns
{
    private const string Postgres = "Npgsql.EntityFrameworkCore.PostgreSQL";

    private static readonly Type[] Narrow =
    [
        typeof(LedgerEntry),
        typeof(HourlyUsage),
        typeof(DailyUsage),
        typeof(UsageTotals),
        typeof(UsageByLabel),
    ];

    private static readonly ValueConverter<DateTime, long> Times = new(t => UtcTime.ToMicroseconds(t), m => UtcTime.OfMicroseconds(m));

    // What is no id of a call is that of none. Big-endian: the bytes sort as the text does.
    private static readonly ValueConverter<string, byte[]> Bytes = new(
        id => CallIds.Parse(id).ToByteArray(true),
        bytes => new Guid(bytes, true).ToString()
    );

    private static readonly ValueConverter<string, Guid> Guids = new(id => CallIds.Parse(id), id => id.ToString());

    private static readonly ValueConverter<string, int> Grains = new(n => UsageGrain.NumberOf(n), n => UsageGrain.NameOf(n));

    /// <summary>To be called after the conventions of all tables.</summary>
    public static void ApplyLedgerColumns(this ModelBuilder model, string? provider)
    {
        foreach (var property in Narrow.SelectMany(t => model.Model.FindEntityType(t)!.GetProperties()))
        {
            if (property.ClrType == typeof(DateTime))
            {
                property.SetValueConverter(Times);
            }
        }
        var entry = model.Model.FindEntityType(typeof(LedgerEntry))!;
        StoreId(entry.FindProperty(nameof(LedgerEntry.Id))!, provider);
        StoreId(entry.FindProperty(nameof(LedgerEntry.CorrectsId))!, provider);
        StoreId(entry.FindProperty(nameof(LedgerEntry.ChatId))!, provider);
        StoreId(entry.FindProperty(nameof(LedgerEntry.MessageId))!, provider);
        model.Model.FindEntityType(typeof(UsageTotals))!.FindProperty(nameof(UsageTotals.Grain))!.SetValueConverter(Grains);
    }

    private static void StoreId(IMutableProperty id, string? provider)
    {
        if (provider == Postgres)
        {
            id.SetValueConverter(Guids);
        }
        else
        {
            id.SetValueConverter(Bytes);
            id.SetMaxLength(CallIds.Length);
            id.SetIsFixedLength(true);
        }
    }
}
