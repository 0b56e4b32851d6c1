namespace Gateway.Core.Storage.Entities;

/// <summary>Where calls may go. Written by Admin.</summary>
public sealed class UpstreamRow
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>Unique; the ledger and metrics name it so.</summary>
    public required string Name { get; set; }

    /// <summary>One of <see cref="Upstreams.UpstreamKind.Names"/>.</summary>
    public required string Kind { get; set; }

    /// <summary>One address or more, separated by commas.</summary>
    public required string BaseUrl { get; set; }

    /// <summary>The key there, encrypted; null: none, or that of the environment.</summary>
    public string? SealedKey { get; set; }

    /// <summary>Yandex: the folder that models belong to; else null.</summary>
    public string? FolderId { get; set; }

    /// <summary>LiteLLM's name of the provider, by which prices and bounds are found; null: that of the kind.</summary>
    public string? Provider { get; set; }

    /// <summary>Its share of calls among those of the same priority.</summary>
    public int Weight { get; set; }

    /// <summary>The lowest goes first.</summary>
    public int Priority { get; set; }

    /// <summary>False: no call goes there.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>Headers that calls carry beside the gateway's own, each <c>name:value</c>.</summary>
    public List<string> Headers { get; set; } = [];

    /// <summary>Whether the models that it lists come into the catalogue by themselves.</summary>
    public bool SyncsModels { get; set; }

    /// <summary>Whether a variable of the environment made it: then it is in force only while the variable is set.</summary>
    public bool IsFromEnvironment { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}
