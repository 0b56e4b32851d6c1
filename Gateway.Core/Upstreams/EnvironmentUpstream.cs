namespace Gateway.Core.Upstreams;

/// <summary>An upstream that variables of the environment make. They win over what is stored under its name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Addresses">Where it stands.</param>
/// <param name="ApiKey">The key, or null.</param>
public sealed record EnvironmentUpstream(string Name, UpstreamKind Kind, IReadOnlyList<Uri> Addresses, string? ApiKey)
{
    /// <summary>Yandex: the folder.</summary>
    public string? Folder { get; init; }

    /// <summary>The lowest goes first, where nothing is stored.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// Whether a sync finds out what it is: <see cref="UpstreamKind.Compatible"/> when it lists models as OpenAI does, else
    /// <see cref="Kind"/>. What was found is stored as the row's kind.
    /// </summary>
    public bool FindsKind { get; init; }

    /// <summary>What it is, by what was found of it before.</summary>
    /// <param name="storedKind">The row's kind.</param>
    public UpstreamKind KindOf(string storedKind) =>
        FindsKind && storedKind == UpstreamKind.Compatible.Name ? UpstreamKind.Compatible : Kind;

    /// <summary>False for the sandbox, which is another one at each start.</summary>
    public bool IsStored { get; init; } = true;

    /// <summary>Nothing but its name: it holds a key.</summary>
    public override string ToString() => Name;
}
