using System.Collections.Concurrent;
using System.Collections.Frozen;
using Gateway.Sandbox.Catalogue;
using Gateway.Sandbox.Scenarios;

namespace Gateway.Sandbox;

/// <summary>
/// The deployments of one sandbox. Immutable after construction, but for the parameterised names that are worked out when first called.
/// </summary>
public sealed class SandboxCatalogue
{
    // A caller can make up names without end; beyond this many they are worked out each time.
    private const int KnownNames = 1_000;

    private readonly SandboxOptions _options;
    private readonly FrozenDictionary<string, Deployment[]> _groups;
    private readonly ConcurrentDictionary<string, Deployment[]> _workedOut = new(StringComparer.Ordinal);
    private int _turn;

    internal SandboxCatalogue(SandboxOptions options)
    {
        _options = options;
        Models = [.. Default, .. options.ExtraModels];
        _groups = Models.GroupBy(model => model.Name).ToFrozenDictionary(group => group.Key, group => group.Select(Compile).ToArray());
    }

    /// <summary>The models of a first run and every scenario under its common names.</summary>
    public static IReadOnlyList<SandboxModel> Default { get; } = [.. FirstRunModels.All, .. ScenarioModels.All];

    /// <summary>The rows of <c>/model/info</c>, in order.</summary>
    public IReadOnlyList<SandboxModel> Models { get; }

    internal IEnumerable<Deployment> Deployments =>
        Models.Select(model => _groups[model.Name].First(deployment => ReferenceEquals(deployment.Model, model)));

    /// <summary>Finds the deployment that answers a call; several of one name take turns. Null when the name is unknown.</summary>
    internal Deployment? Find(string name)
    {
        if (_groups.TryGetValue(name, out var deployments) || _workedOut.TryGetValue(name, out deployments))
        {
            return deployments.Length == 1
                ? deployments[0]
                : deployments[(uint)Interlocked.Increment(ref _turn) % (uint)deployments.Length];
        }
        if (!ScenarioTable.TryParse(name, _options, out _))
        {
            return null;
        }
        deployments = [Compile(ScenarioModels.Of(name))];
        if (_workedOut.Count < KnownNames)
        {
            _workedOut.TryAdd(name, deployments);
        }
        return deployments[0];
    }

    private Deployment Compile(SandboxModel model) =>
        ScenarioTable.TryParse(model.Scenario, _options, out var scenario)
            ? new Deployment(model, scenario)
            : throw new ArgumentException($"Model '{model.Name}' has the scenario '{model.Scenario}', which is in no row of the table.");
}
