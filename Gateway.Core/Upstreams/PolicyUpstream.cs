using System.Net.Http.Headers;

namespace Gateway.Core.Upstreams;

/// <summary>An upstream in force, as calls need it.</summary>
public sealed class PolicyUpstream
{
    private const string AnthropicVersion = "2023-06-01";
    private const string AnthropicVersionHeader = "anthropic-version";

    private readonly AuthenticationHeaderValue? _authorization;

    /// <summary>Makes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="addresses">Where it stands: one or more addresses of the same thing.</param>
    /// <param name="apiKey">The gateway's key there, or null.</param>
    public PolicyUpstream(string name, UpstreamKind kind, IEnumerable<Uri> addresses, string? apiKey)
    {
        (Name, Kind, ApiKey, Addresses) = (name, kind, apiKey, [.. addresses]);
        Roots = [.. Addresses.Select(kind.RootOf)];
        DestinationIds = [.. Roots.Select((_, index) => index == 0 ? name : $"{name}/{index + 1}")];
        _authorization =
            apiKey is null ? null
            : kind == UpstreamKind.Yandex && !apiKey.StartsWith("t1.", StringComparison.Ordinal) // that is an IAM token, no API key
                ? new AuthenticationHeaderValue("Api-Key", apiKey)
            : new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>The row's id; null for one that is not stored.</summary>
    public string? Id { get; init; }

    /// <summary>Unique; a metric's label, and what the ledger keeps.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public UpstreamKind Kind { get; }

    /// <summary>Where it stands, as it was given.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>What the paths of APIs are put after, one for each address.</summary>
    public IReadOnlyList<Uri> Roots { get; }

    /// <summary>The names of the destinations, one for each of <see cref="Roots"/>.</summary>
    public IReadOnlyList<string> DestinationIds { get; }

    /// <summary>The gateway's key there, or null.</summary>
    public string? ApiKey { get; }

    /// <summary>Yandex: the folder that models belong to.</summary>
    public string? Folder { get; init; }

    /// <summary>LiteLLM's name of the provider; null: not known, or as the model says.</summary>
    public string? Provider { get; init; }

    /// <summary>Its share of calls among those of the same <see cref="Priority"/>.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The lowest goes first.</summary>
    public int Priority { get; init; }

    /// <summary>Headers that calls carry beside the gateway's own.</summary>
    public IReadOnlyList<UpstreamHeader> Headers { get; init; } = [];

    /// <summary>Whether the models that it lists come into the catalogue by themselves.</summary>
    public bool SyncsModels { get; init; } = true;

    /// <summary>Whether a sync finds out what it is (<see cref="EnvironmentUpstream.FindsKind"/>).</summary>
    public bool FindsKind { get; init; }

    /// <summary>Whether one of its addresses is that destination.</summary>
    public bool Has(string destinationId)
    {
        for (var i = 0; i < DestinationIds.Count; i++)
        {
            if (DestinationIds[i] == destinationId)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Puts in the key as this upstream reads it, and the headers to add.</summary>
    /// <param name="headers">The request's.</param>
    /// <param name="isNative">Whether the API is Anthropic's own: its headers differ from those of its compatible endpoint.</param>
    public void Sign(HttpRequestHeaders headers, bool isNative)
    {
        if (Kind == UpstreamKind.Anthropic && isNative)
        {
            headers.TryAddWithoutValidation("x-api-key", ApiKey);
            if (!headers.NonValidated.Contains(AnthropicVersionHeader))
            {
                headers.TryAddWithoutValidation(AnthropicVersionHeader, AnthropicVersion);
            }
        }
        else if (_authorization is not null)
        {
            headers.Authorization = _authorization;
        }
        if (Kind == UpstreamKind.Yandex && Folder is not null)
        {
            headers.TryAddWithoutValidation("OpenAI-Project", Folder);
        }
        for (var i = 0; i < Headers.Count; i++)
        {
            headers.TryAddWithoutValidation(Headers[i].Name, Headers[i].Value);
        }
    }

    /// <summary>A request that is no call.</summary>
    /// <param name="method">GET, mostly.</param>
    /// <param name="root">One of <see cref="Roots"/>.</param>
    /// <param name="path">From there, without a slash at its beginning.</param>
    public HttpRequestMessage NewRequest(HttpMethod method, Uri root, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(root, path));
        Sign(request.Headers, isNative: Kind == UpstreamKind.Anthropic);
        return request;
    }

    /// <summary>Nothing but its name: it holds a key.</summary>
    public override string ToString() => Name;
}
