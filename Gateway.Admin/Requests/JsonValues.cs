using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Core.Json;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Requests;

/// <summary>Reads single JSON values as the types of wire records.</summary>
internal static class JsonValues
{
    /// <summary>Reads a value that is not null.</summary>
    /// <param name="member">What it should be.</param>
    /// <param name="field">The member as the answer names it.</param>
    /// <param name="value">The value.</param>
    /// <param name="faults">Where mistakes go.</param>
    /// <param name="result">The value as the member's type; null stands for an empty text that clears.</param>
    /// <returns>False when it cannot be read.</returns>
    public static bool TryRead(WireMember member, string field, JsonElement value, List<InvalidMember> faults, out object? result)
    {
        result = null;
        var known = faults.Count;
        var type = member.Type;
        if (type == typeof(string))
        {
            Add(ReadText(member, field, value, out result));
        }
        else if (type == typeof(bool))
        {
            result = value.ValueKind == JsonValueKind.True;
            Add(
                value.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? null
                    : new InvalidMember(field, "boolean", "must be true or false")
            );
        }
        else if (type == typeof(DateTime))
        {
            Add(ReadTime(field, value, out result));
        }
        else if (type == typeof(JsonElement))
        {
            result = value.Clone();
        }
        else if (type == typeof(JsonObject))
        {
            result = value.ValueKind == JsonValueKind.Object ? JsonObject.Create(value.Clone()) : null;
            Add(result is null ? new InvalidMember(field, "object", "must be an object") : null);
        }
        else if (type == typeof(List<string>))
        {
            result = member.Rules.OfType<NamesAttribute>().Single().Read(field, value, faults);
        }
        else if (type == typeof(IReadOnlyDictionary<RateKey, Rate?>))
        {
            Add(ReadRates(member, field, value, out result));
        }
        else
        {
            result = ReadNumber(type, value);
            Add(result is null ? member.Mistyped(field, "number", "must be a number") : null);
        }
        return faults.Count == known;

        void Add(InvalidMember? fault)
        {
            if (fault is not null)
            {
                faults.Add(fault);
            }
        }
    }

    /// <summary>One name of a list: a text without the blanks around it, 1 to <paramref name="maximum"/> characters.</summary>
    public static InvalidMember? ReadName(string field, JsonElement value, int maximum, out string name)
    {
        name = "";
        if (value.ValueKind != JsonValueKind.String)
        {
            return new InvalidMember(field, "string", "must be a text");
        }
        name = TextOf(value).Trim();
        return name.Contains('\0') ? HoldsNul(field)
            : name.Length == 0 ? new InvalidMember(field, "min_length", "minimum length is 1")
            : name.Length > maximum ? new InvalidMember(field, "max_length", $"maximum length is {maximum}")
            : null;
    }

    /// <summary>The text of a JSON string.</summary>
    public static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException) // broken UTF-8, half a surrogate pair: no text at all
        {
            throw new ApiErrorException(ApiError.InvalidJson);
        }
    }

    private static InvalidMember? ReadText(WireMember member, string field, JsonElement value, out object? result)
    {
        result = null;
        if (value.ValueKind != JsonValueKind.String)
        {
            return new InvalidMember(field, "string", "must be a text");
        }
        var text = TextOf(value);
        if (member.IsVerbatim)
        {
            result = text;
            return null;
        }
        text = text.Trim();
        result = text.Length == 0 && member.IsNullable ? null : text;
        return text.Contains('\0') ? HoldsNul(field) : null;
    }

    private static InvalidMember HoldsNul(string field) => new(field, "characters", "must not hold the character NUL");

    private static InvalidMember? ReadTime(string field, JsonElement value, out object? result)
    {
        result = null;
        if (value.ValueKind == JsonValueKind.Number)
        {
            return new InvalidMember(field, "time", $"{IsoTime.Expected}, as a text: numbers are not read as times");
        }
        if (value.ValueKind != JsonValueKind.String)
        {
            return new InvalidMember(field, "string", "must be a text");
        }
        if (!IsoTime.TryParse(TextOf(value).Trim(), out var time, out var mistake))
        {
            return new InvalidMember(field, "time", mistake);
        }
        result = time;
        return null;
    }

    private static object? ReadNumber(Type type, JsonElement value) =>
        value.ValueKind != JsonValueKind.Number ? null
        : type == typeof(long) ? (JsonInteger.TryRead(value, out var whole) ? whole : null)
        : type == typeof(decimal) ? (value.TryGetDecimal(out var number) ? number : null)
        : type == typeof(Money) ? (Money.TryParse(value.GetRawText(), out var money) ? money : null)
        : type == typeof(Rate) ? (Rate.TryParseUsd(value.GetRawText(), out var rate) ? rate : null)
        : throw new InvalidOperationException($"No member of a wire record can be a {type}.");

    private static InvalidMember? ReadRates(WireMember member, string field, JsonElement value, out object? result)
    {
        var rates = new Dictionary<RateKey, Rate?>();
        result = rates;
        if (value.ValueKind != JsonValueKind.Object)
        {
            return new InvalidMember(field, "object", "must be an object of rates");
        }
        foreach (var sent in value.EnumerateObject())
        {
            var name = $"{field}.{sent.Name}";
            if (!RateKey.TryParse(sent.Name, out var key))
            {
                return new InvalidMember(name, "rate_key", "is no key of a price table");
            }
            if (sent.Value.ValueKind == JsonValueKind.Null)
            {
                rates[key] = null;
            }
            else if (ReadNumber(typeof(Rate), sent.Value) is Rate rate)
            {
                rates[key] = rate;
            }
            else
            {
                return member.Mistyped(name, "number", "must be a number");
            }
        }
        return null;
    }
}
