using System.Text.Json;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>A list of texts; repetitions count once, and null is as empty.</summary>
internal class NamesAttribute(int maximumCount, int maximumLength)
    : RuleAttribute("array", $"must be an array of texts, maximum length is {maximumCount}")
{
    public int MaximumCount => maximumCount;

    public int MaximumLength => maximumLength;

    /// <summary>The fewest texts; a list with fewer is as one that is missing.</summary>
    public int MinimumCount { get; init; }

    /// <summary>Whether an object with a <c>name</c> may stand for its name.</summary>
    public bool OrNamedObjects { get; init; }

    /// <summary>Whether the same list is also taken as JSON in a text, as one client sends it.</summary>
    public bool OrJsonText { get; init; }

    public override bool IsValid(object? value) => true; // held while it is read

    /// <summary>Reads the list; what is wrong goes to <paramref name="faults"/>.</summary>
    public virtual List<string>? Read(string field, JsonElement value, List<InvalidMember> faults) =>
        OrJsonText && value.ValueKind == JsonValueKind.String ? ReadText(field, value, faults) : ReadArray(field, value, faults);

    private List<string>? ReadText(string field, JsonElement value, List<InvalidMember> faults)
    {
        if (JsonValues.TextOf(value).Trim() is not { Length: > 0 } text)
        {
            return [];
        }
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Null ? [] : ReadArray(field, document.RootElement, faults);
        }
        catch (JsonException)
        {
            faults.Add(new InvalidMember(field, Code, "must be an array of texts, or one as JSON text"));
            return null;
        }
    }

    private List<string>? ReadArray(string field, JsonElement value, List<InvalidMember> faults)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > maximumCount)
        {
            faults.Add(new InvalidMember(field, Code, Text));
            return null;
        }
        if (value.GetArrayLength() < MinimumCount)
        {
            faults.Add(new InvalidMember(field, "required", $"is required: {MinimumCount} to {maximumCount} texts"));
            return null;
        }
        List<string> names = [];
        foreach (var item in value.EnumerateArray())
        {
            var text =
                OrNamedObjects && item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out var named) ? named : item;
            if (JsonValues.ReadName(field, text, maximumLength, out var name) is { } fault)
            {
                faults.Add(fault);
                return null;
            }
            if (!names.Contains(name))
            {
                names.Add(name);
            }
        }
        return names;
    }
}
