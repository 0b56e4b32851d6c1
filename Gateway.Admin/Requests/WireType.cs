using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>What System.Text.Json and the annotations of a wire record tell of it.</summary>
internal sealed class WireType
{
    private static readonly ConcurrentDictionary<Type, WireType> All = new();

    private readonly Func<object> _create;
    private readonly Action<object, object?>? _setOthers;

    private WireType(Type type)
    {
        var contract = ApiJson.Options.GetTypeInfo(type);
        _create = contract.CreateObject ?? throw new InvalidOperationException($"{type} has no constructor without parameters.");
        _setOthers = contract.Properties.FirstOrDefault(p => p.IsExtensionData)?.Set;
        var required = type.GetCustomAttributes(typeof(RequiresMembersAttribute), inherit: true)
            .Cast<RequiresMembersAttribute>()
            .SelectMany(r => r.Members)
            .Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)
            .ToHashSet();
        Members = [.. contract.Properties.Where(p => p.Set is not null && !p.IsExtensionData).Select(p => new WireMember(p, required))];
        Names = Members.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>In the order of their declaration; those of a derived record come first.</summary>
    public IReadOnlyList<WireMember> Members { get; }

    public IReadOnlySet<string> Names { get; }

    /// <summary>Whether members of any other name are taken too.</summary>
    public bool TakesOthers => _setOthers is not null;

    public static WireType Of(Type type) => All.GetOrAdd(type, t => new WireType(t));

    public object Create() => _create();

    public void SetOthers(object record, Dictionary<string, JsonElement> others) => _setOthers!(record, others);
}
