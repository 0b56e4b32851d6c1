using System.Text;
using System.Text.Json;

namespace Gateway.Bodies;

/// <summary>
/// The names of <see cref="SteeringMembers"/>: those that were derived from LiteLLM, one file for each of its versions
/// (<c>Steering/litellm-*.json</c>, made by <c>Steering/derive.py</c>), together with what is decided by hand, with reasons
/// (<c>Steering/rules.json</c>). All versions count at once: which one is behind an address is not known before it answers.
/// </summary>
internal sealed class SteeringData
{
    private const string Folder = "Gateway.Bodies.Steering.";
    private static readonly string[] BodySections = ["parameters", "deployment", "request", "refused", "router", "proxy"];

    private SteeringData(IEnumerable<string> body, IEnumerable<string> metadata, IEnumerable<string> structured, JsonElement prefixes)
    {
        Body = new MemberTable<SteeringRule>(body.Select(name => (name, SteeringRule.Always)));
        var always = metadata.ToHashSet(StringComparer.Ordinal);
        Metadata = new MemberTable<SteeringRule>([
            .. always.Select(name => (name, SteeringRule.Always)),
            .. structured.Where(name => !always.Contains(name)).Select(name => (name, SteeringRule.UnlessText)),
        ]);
        Prefixes = Texts(prefixes, "body");
        MetadataPrefixes = Texts(prefixes, "metadata");
    }

    /// <summary>Names at the top of a body.</summary>
    public MemberTable<SteeringRule> Body { get; }

    /// <summary>Names within metadata.</summary>
    public MemberTable<SteeringRule> Metadata { get; }

    /// <summary>What a name at the top of a body may not begin with.</summary>
    public byte[][] Prefixes { get; }

    /// <summary>What a name within metadata may not begin with.</summary>
    public byte[][] MetadataPrefixes { get; }

    /// <summary>Reads the files that are embedded in this assembly.</summary>
    public static SteeringData Load()
    {
        var rules = Read("rules.json");
        var versions = typeof(SteeringData)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder + "litellm-", StringComparison.Ordinal))
            .Select(name => Read(name[Folder.Length..]))
            .ToList();
        var passing = Names(rules, "passing");
        var derived = versions.SelectMany(version => BodySections.SelectMany(section => Names(version, section)));
        var body = derived.Union(Names(rules, "body"), StringComparer.Ordinal).Except(passing, StringComparer.Ordinal);
        var inMetadata = versions.SelectMany(version => Names(version, "metadata"));
        var labels = Names(rules, "labels");
        var metadata = Names(rules, "metadata")
            .Union(versions.SelectMany(version => Names(version, "refused")).Intersect(inMetadata), StringComparer.Ordinal)
            .Except(labels, StringComparer.Ordinal);
        return new SteeringData(
            body,
            metadata,
            inMetadata.Distinct(StringComparer.Ordinal).Except(labels, StringComparer.Ordinal),
            rules.GetProperty("prefixes")
        );
    }

    private static JsonElement Read(string file)
    {
        using var stream =
            typeof(SteeringData).Assembly.GetManifestResourceStream(Folder + file)
            ?? throw new InvalidOperationException($"The file {file} is not embedded.");
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    // A list of names, or names with reasons.
    private static List<string> Names(JsonElement file, string section) =>
        file.GetProperty(section) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(name => name.GetString()!)]
            : [.. file.GetProperty(section).EnumerateObject().Select(name => name.Name)];

    private static byte[][] Texts(JsonElement parent, string section) => [.. Names(parent, section).Select(Encoding.UTF8.GetBytes)];
}
