using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;

namespace Gateway.Core.Policy;

/// <summary>
/// The part of the policy that says where a model may be called. One that stands at no upstream in force goes to LiteLLM, where it may be
/// known by a name that nobody listed.
/// </summary>
internal sealed class PlaceCompiler
{
    private readonly Dictionary<string, PolicyUpstream> _upstreams;
    private readonly ILookup<string, UpstreamModelRow> _listed;
    private readonly List<PolicyUpstream> _unlisted;

    public PlaceCompiler(PolicyRows rows)
    {
        _upstreams = rows.Upstreams.Where(u => u.Id is not null).ToDictionary(u => u.Id!, StringComparer.Ordinal);
        _listed = rows.UpstreamModels.ToLookup(m => m.ModelId);
        _unlisted = [.. rows.Upstreams.Where(u => u.Kind.ServesUnlistedModels)];
    }

    public IReadOnlyList<ModelPlace> Of(CatalogModel model)
    {
        var listed = _listed[model.Id]
            .Where(l => _upstreams.ContainsKey(l.UpstreamId))
            .Select(l => PlaceOf(_upstreams[l.UpstreamId], l.UpstreamName, model))
            .OrderBy(p => p.Upstream.Priority)
            .ThenBy(p => p.Upstream.Name, StringComparer.Ordinal)
            .ToArray();
        return listed.Length > 0 ? listed : [.. _unlisted.Select(u => PlaceOf(u, model.ExternalId ?? model.Name, model))];
    }

    /// <summary>All whom a call may go to: what it can use is bounded for each of them.</summary>
    public static IReadOnlyList<string> ProvidersOf(CatalogModel model, IReadOnlyList<ModelPlace> places)
    {
        var others = places.Select(p => p.Upstream.Provider).OfType<string>().Except(model.Providers, StringComparer.Ordinal).ToList();
        return others.Count == 0 ? model.Providers : [.. model.Providers, .. others];
    }

    private static ModelPlace PlaceOf(PolicyUpstream upstream, string name, CatalogModel model) =>
        new(upstream, upstream.Kind.SentNameOf(name, upstream.Folder, isEmbedding: model.Mode == "embedding"));
}
