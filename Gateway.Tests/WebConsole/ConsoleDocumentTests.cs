using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.WebConsole;

/// <summary>
/// The console's types are made from <c>Gateway.Console/api/openapi.json</c>: what the gateway's document says of paths, parameters, bodies
/// and successful answers, without its prose. A route that changes fails here, and once the file follows, whatever in the console relied on
/// it does not compile.
/// </summary>
[Collection(AdminHubCollection.Name)]
public sealed class ConsoleDocumentTests(AdminHubs hubs)
{
    private const string Update = "HUB_UPDATE_CONSOLE_API";

    private static readonly HashSet<string> Prose =
    [
        "description",
        "summary",
        "example",
        "examples",
        "externalDocs",
        "tags",
        "security",
        "operationId",
    ];
    private static readonly string[] MapsOfNames = ["properties", "paths", "schemas"];
    private static readonly string File = Path.Combine(Repository.Root, "Gateway.Console", "api", "openapi.json");

    [Fact]
    public async Task The_console_is_typed_by_the_document_that_is_served()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var served = Write(JsonNode.Parse(await hub.Anonymous.GetStringAsync("/openapi.json"))!.AsObject());
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            await System.IO.File.WriteAllTextAsync(File, served);
        }
        var known = await System.IO.File.ReadAllTextAsync(File);
        var changed = served.Split('\n').Except(known.Split('\n')).Concat(known.Split('\n').Except(served.Split('\n')));
        Assert.True(
            served == known,
            $"The API's document changed. Take it over with {Update}=1 dotnet test --filter {nameof(ConsoleDocumentTests)}, "
                + "then see whether the console still compiles (npm run check in Gateway.Console). Changed:\n"
                + string.Join('\n', changed.Take(10))
        );
    }

    // One path or schema a line, so that a change reads as one.
    private static string Write(JsonObject document)
    {
        var text = new StringBuilder("{\"openapi\":").Append(document["openapi"]!.ToJsonString());
        text.Append(",\"info\":{\"title\":\"\",\"version\":\"\"},\"paths\":{\n");
        text.AppendJoin(",\n", LinesOf(document["paths"]!.AsObject()));
        text.Append("\n},\"components\":{\"schemas\":{\n");
        text.AppendJoin(",\n", LinesOf(document["components"]!["schemas"]!.AsObject()));
        return text.Append("\n}}}\n").ToString();
    }

    private static IEnumerable<string> LinesOf(JsonObject members) =>
        members
            .OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => $"{JsonSerializer.Serialize(m.Key)}:{Bare(m.Value, isMapOfNames: false)?.ToJsonString()}");

    private static JsonNode? Bare(JsonNode? node, bool isMapOfNames) =>
        node switch
        {
            JsonObject o => new JsonObject(
                o.Where(m => isMapOfNames || !Prose.Contains(m.Key))
                    .Where(m => !IsError(m.Key))
                    .Select(m => KeyValuePair.Create(m.Key, Bare(m.Value, MapsOfNames.Contains(m.Key) && !isMapOfNames)))
            ),
            JsonArray a => new JsonArray([.. a.Select(n => Bare(n, isMapOfNames: false))]),
            _ => node?.DeepClone(),
        };

    // Errors are alike everywhere
    private static bool IsError(string name) =>
        name is "default" || (name.Length == 3 && name[0] is '4' or '5' && name.All(char.IsAsciiDigit));
}
