using System.Text.RegularExpressions;
using Gateway.Tests.Support;

namespace Gateway.Tests.Architecture;

/// <summary>The rooms of the gateway stand in an order: one uses only rooms before it (docs/decisions/house.md).</summary>
public sealed partial class RoomOrderTests
{
    private static readonly string[] Order =
    [
        "Calls",
        "Telemetry",
        "Callers",
        "Bodies",
        "Apis",
        "Ledger",
        "Limits",
        "Upstream",
        "Answers",
        "Stored",
        "Realtime",
        "Chats",
        "Hosting",
        "Commands",
        "Diagnosis",
    ];

    // Edges that still go the wrong way, each with why. This list may only become shorter.
    private static readonly string[] NotYet = [];

    private static readonly string Root = Path.Combine(Repository.Root, "Gateway");

    public static TheoryData<string> Rooms => [.. Order];

    [Fact]
    public void Every_folder_is_a_room_of_the_order() =>
        Assert.Equal(
            Order.Order(),
            Directory.GetDirectories(Root).Select(d => Path.GetFileName(d)!).Except(["bin", "obj", "Properties"]).Order()
        );

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_uses_only_rooms_before_it(string room)
    {
        var place = Array.IndexOf(Order, room);
        var wrong = EdgesOf(room).Where(e => Array.IndexOf(Order, e.Used) > place).Select(Text);
        Assert.Empty(wrong.Except(NotYet));
    }

    [Theory, MemberData(nameof(Rooms))]
    public void A_file_stands_in_the_room_that_its_namespace_names(string room) =>
        Assert.All(
            Files(room),
            file =>
            {
                var folder = Path.GetRelativePath(Root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
                Assert.Contains($"namespace Gateway.{folder};", File.ReadAllText(file), StringComparison.Ordinal);
            }
        );

    [Fact]
    public void What_is_still_allowed_is_still_needed() => Assert.Empty(NotYet.Except(Order.SelectMany(EdgesOf).Select(Text)));

    [Theory]
    [InlineData("using Gateway.Limits.Rates;", "Limits")]
    [InlineData("var end = Gateway.Answers.AnswerKind.Json;", "Answers")]
    [InlineData("return Ledger.Outcomes.Ok;", "Ledger")]
    [InlineData("global::Gateway.Upstream.UpstreamCall? call;", "Upstream")]
    [InlineData("services.Limits.Rates", null)]
    [InlineData("/// <see cref=\"Answers.AnswerRelay\"/>", null)]
    [InlineData("using Gateway.Core.Ledger;", null)]
    public void Usings_and_qualified_names_count_comments_do_not(string line, string? used) =>
        Assert.Equal(used is null ? [] : [used], UsedBy(line));

    private static IEnumerable<(string File, string Used)> EdgesOf(string room) =>
        Files(room).SelectMany(file => UsedBy(File.ReadAllText(file)).Select(used => (file, used)));

    // As NotYet names it.
    private static string Text((string File, string Used) edge) =>
        $"{Path.GetRelativePath(Root, edge.File).Replace('\\', '/')} uses {edge.Used}";

    private static string[] Files(string room) => Directory.GetFiles(Path.Combine(Root, room), "*.cs", SearchOption.AllDirectories);

    private static IEnumerable<string> UsedBy(string source) =>
        RoomName().Matches(Comment().Replace(source, "")).Select(m => m.Groups["room"].Value).Where(Order.Contains).Distinct();

    // After "using Gateway." or "Gateway.", or at the start of a qualified name: every namespace of the gateway is seen from within
    // Gateway.
    [GeneratedRegex(@"(?<![\w.])(?:(?:global::)?Gateway\.(?<room>[A-Z]\w+)|(?<room>[A-Z]\w+)(?=\.[A-Z]\w+))")]
    private static partial Regex RoomName();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
