using Gateway.Tests.Admin.Support;
using Gateway.Tests.Crash;
using Gateway.Tests.Deployment;
using Gateway.Tests.Hosting;
using Gateway.Tests.WebConsole;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Gateway.Tests.Support.LongestFirst", "Gateway.Tests")]

namespace Gateway.Tests.Support;

/// <summary>
/// Starts the collections that take minutes before all others, so that none of them runs alone at the end. The order changes nothing else.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // The ends of the collections' names: those of classes without a collection end with the class.
    private static readonly string[] Longest =
    [
        ReleaseBuild.Name,
        "." + nameof(ConsoleTests),
        "." + nameof(CrashTests),
        "." + nameof(SignalTests),
        "." + nameof(StartFaultTests),
        AdminHubCollection.Name,
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection =>
            Array.FindIndex(Longest, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)) is >= 0 and var place
                ? place
                : Longest.Length
        );
}
