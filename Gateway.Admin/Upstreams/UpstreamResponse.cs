using Gateway.Admin.Replies;

namespace Gateway.Admin.Upstreams;

/// <summary>An upstream, as it is shown: never its key.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="BaseUrl">Where it stands; of the environment's the address that is in force.</param>
/// <param name="HasApiKey">Whether there is a key.</param>
/// <param name="FolderId">Yandex: the folder.</param>
/// <param name="Provider">The provider by which prices and bounds are found.</param>
/// <param name="Weight">Its share of calls among those of the same priority.</param>
/// <param name="Priority">The lowest goes first.</param>
/// <param name="IsEnabled">False: no call goes there.</param>
/// <param name="SyncModels">Whether its models come into the catalogue by themselves.</param>
/// <param name="Headers">Headers that calls carry, by name.</param>
/// <param name="ModelsCount">How many models stand there by name; models that stand nowhere go to LiteLLM.</param>
/// <param name="FromEnvironment">Members that the environment sets and that cannot be changed here.</param>
/// <param name="IsInForce">Whether calls may go there.</param>
/// <param name="Problem">Why not; null when they may.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
[Alias("upstream", "upstreams")]
internal record UpstreamResponse(
    string Id,
    string Name,
    string Kind,
    string BaseUrl,
    bool HasApiKey,
    string? FolderId,
    string? Provider,
    int Weight,
    int Priority,
    bool IsEnabled,
    bool SyncModels,
    Dictionary<string, string> Headers,
    int ModelsCount,
    List<string> FromEnvironment,
    bool IsInForce,
    string? Problem,
    DateTime CreatedAt,
    DateTime UpdatedAt
);
