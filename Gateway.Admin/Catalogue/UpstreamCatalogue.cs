using System.Buffers;
using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Admin.Replies;
using Gateway.Admin.Upstreams;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// Reads what the upstreams offer: of LiteLLM deployments with their prices where it tells them, else names alone. One bad row does not
/// spoil the rest, nor does one upstream that does not tell.
/// </summary>
internal sealed class UpstreamCatalogue(LiteLlmClient client, UpstreamClient providers, PolicySource policy)
{
    private const int LongestName = 255;
    private const int LongestMode = 50;

    /// <summary>Reads the models of all upstreams in force.</summary>
    /// <param name="also">The name of an upstream that is read though its models are not to come in by themselves.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ApiErrorException">There is no upstream, or none that tells.</exception>
    public async Task<UpstreamReading> ReadAsync(string? also, CancellationToken cancellationToken)
    {
        var upstreams = policy.Current.Upstreams.Where(u => u.SyncsModels || u.Name == also).ToList();
        if (upstreams.Count == 0)
        {
            throw new ApiErrorException(ApiError.LiteLlmNotConfigured);
        }
        var readings = await Task.WhenAll(upstreams.Select(u => TryReadAsync(u, cancellationToken)));
        var offers = readings.Select(r => r.Offer).OfType<UpstreamOffer>().ToList();
        if (offers.Count == 0)
        {
            throw readings[0].Fault!;
        }
        return new UpstreamReading(
            [
                .. offers
                    .SelectMany(o => o.Models)
                    .Select(m => m.Model)
                    .GroupBy(m => m.Name, StringComparer.Ordinal)
                    .Select(OfferedModels.Combine),
            ],
            [
                .. offers.SelectMany(o => o.Errors),
                .. readings.Where(r => r.Fault is not null).Select(r => new SyncError("", r.Fault!.Error.Text)),
            ]
        )
        {
            Offers = offers,
            HasSeveral = policy.Current.Upstreams.Count > 1,
            Unread = [.. upstreams.Where((_, i) => readings[i].Fault is not null).Select(u => u.Id).OfType<string>()],
        };
    }

    private async Task<(UpstreamOffer? Offer, ApiErrorException? Fault)> TryReadAsync(
        PolicyUpstream upstream,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var offer =
                upstream.Kind == UpstreamKind.LiteLlm ? await ReadLiteLlmAsync(upstream, cancellationToken)
                : upstream.FindsKind ? await ReadServiceAsync(upstream, cancellationToken)
                : await ReadProviderAsync(upstream, cancellationToken);
            return (offer, null);
        }
        catch (ApiErrorException fault)
        {
            return (null, fault);
        }
    }

    private async Task<UpstreamOffer> ReadServiceAsync(PolicyUpstream upstream, CancellationToken cancellationToken)
    {
        var found = await providers.FindKindAsync(upstream, cancellationToken);
        if (found == upstream.Kind)
        {
            return await ReadProviderAsync(upstream, cancellationToken);
        }
        var taken = new PolicyUpstream(upstream.Name, found, upstream.Addresses, upstream.ApiKey)
        {
            Id = upstream.Id,
            Provider = upstream.Provider,
            Headers = upstream.Headers,
        };
        return await ReadProviderAsync(taken, cancellationToken) with { FoundKind = found };
    }

    private async Task<UpstreamOffer> ReadProviderAsync(PolicyUpstream upstream, CancellationToken cancellationToken)
    {
        if (upstream.Kind.HasOneModel)
        {
            return new UpstreamOffer(upstream, [ListedModels.OnlyOneOf(upstream)], []);
        }
        List<SyncError> errors = [];
        List<(UpstreamModel, string)> models = [];
        foreach (var row in await providers.ListAsync(upstream, cancellationToken))
        {
            if (
                ListedModels.Read(upstream, row) is { } listed
                && CheckName(listed.NameThere, errors)
                && CheckName(listed.Model.Name, errors)
            )
            {
                models.Add(listed);
            }
        }
        return new UpstreamOffer(upstream, models, errors);
    }

    private async Task<UpstreamOffer> ReadLiteLlmAsync(PolicyUpstream upstream, CancellationToken cancellationToken)
    {
        List<SyncError> errors = [];
        var litellm = client.At(new Uri(upstream.Roots[0], "../"), upstream.ApiKey);
        var rows = await litellm.GetModelInfoAsync(cancellationToken);
        var deployments = (rows ?? []).Select(row => ReadDeployment(row, errors)).OfType<Deployment>().ToList();
        var models = deployments
            .Where(d => !IsWildcard(d.Name))
            .GroupBy(d => d.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, Combine, StringComparer.Ordinal);
        if (rows is null || deployments.Exists(d => IsWildcard(d.Name)))
        {
            var listed = rows is null
                ? await litellm.RequireModelsAsync(cancellationToken)
                : await litellm.GetModelsAsync(cancellationToken);
            foreach (
                var (name, owner) in (listed ?? [])
                    .Select(row => ReadName(row, errors))
                    .OfType<(string Name, string? Owner)>()
                    .Where(n => !IsWildcard(n.Name))
            )
            {
                models.TryAdd(name, FromNameAlone(name, owner));
            }
        }
        return new UpstreamOffer(upstream, [.. models.Values.Select(m => (m, m.Name))], errors);
    }

    /// <summary>Reads the model groups: each stands for a deployment of each of its providers.</summary>
    public async Task<UpstreamReading> ReadGroupsAsync(CancellationToken cancellationToken)
    {
        List<SyncError> errors = [];
        var groups = await client.RequireModelGroupsAsync(cancellationToken);
        var rows = groups
            .Where(group => group.ValueKind == JsonValueKind.Object)
            .SelectMany(AsDeployments)
            .Select(row => ReadDeployment(row, errors))
            .OfType<Deployment>();
        return new UpstreamReading(
            [.. rows.Where(d => !IsWildcard(d.Name)).GroupBy(d => d.Name, StringComparer.Ordinal).Select(Combine)],
            errors
        )
        {
            IsPartial = true,
        };
    }

    private static IEnumerable<JsonElement> AsDeployments(JsonElement group)
    {
        var providers = LiteLlmJson.Texts(group, "providers");
        foreach (var provider in providers.Count > 0 ? providers : [""])
        {
            yield return AsDeployment(group, provider);
        }
    }

    // Written member by member: a member given twice is no reason to fail, the last one counts as everywhere.
    private static JsonElement AsDeployment(JsonElement group, string provider)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model_name", LiteLlmJson.Text(group, "model_group"));
            json.WriteStartObject("litellm_params");
            json.WriteEndObject();
            json.WriteStartObject("model_info");
            foreach (var member in group.EnumerateObject())
            {
                member.WriteTo(json);
            }
            json.WriteString("litellm_provider", provider.Length > 0 ? provider : null);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static Deployment? ReadDeployment(JsonElement row, List<SyncError> errors)
    {
        if (!LiteLlmPriceReader.TryRead(row, out var read))
        {
            errors.Add(new SyncError("", "A row of /model/info has no model_name."));
            return null;
        }
        if (IsBroken(read.Provider) || IsBroken(read.Mode))
        {
            errors.Add(new SyncError(Shown(read.ModelName), "A row of /model/info cannot be read."));
            return null;
        }
        return CheckName(read.ModelName, errors)
            ? new Deployment(read, Texts(row, "model_info", "supported_openai_params"), Provider(row, read), DeclaresPrices(row, read))
            : null;
    }

    private static (string Name, string? Owner)? ReadName(JsonElement row, List<SyncError> errors)
    {
        return Text(row, "id") is { } name && CheckName(name, errors) ? (name, Text(row, "owned_by")) : null;
    }

    private static bool CheckName(string name, List<SyncError> errors)
    {
        if (IsName(name))
        {
            return true;
        }
        errors.Add(
            new SyncError(
                Shown(name),
                $"The name must have 1 to {LongestName} characters, and none that is a control character or cannot be read."
            )
        );
        return false;
    }

    private static string Shown(string name) => new([.. name.Where(c => !char.IsControl(c)).Take(LongestName)]);

    // What was no text is U+FFFD by now (UpstreamJson): a model of that name could not be called.
    private static bool IsBroken(string? text) => text?.Contains('\uFFFD', StringComparison.Ordinal) == true;

    private static UpstreamModel Combine(IGrouping<string, Deployment> deployments)
    {
        var all = deployments.ToList();
        var tables = all.ConvertAll(PricesOf);
        var inputs = all.ConvertAll(d => d.Read.MaxInputTokens);
        return new UpstreamModel
        {
            Name = deployments.Key,
            Providers = [.. all.Select(d => d.Provider).OfType<string>().Distinct().DefaultIfEmpty(PrefixOf(deployments.Key) ?? "unknown")],
            Mode = all.Select(d => d.Read.Mode).FirstOrDefault(m => m is { Length: > 0 and <= LongestMode }) ?? "chat",
            MaxInputTokens = inputs.Contains(null) ? null : inputs.Max(),
            MaxOutputTokens = all.Max(d => d.Read.MaxOutputTokens),
            Supports = all.SelectMany(d => d.Read.Supports).ToHashSet(),
            OpenAiParams = [.. all.SelectMany(d => d.OpenAiParams).Distinct()],
            Prices = DearestPrices.Of(tables.ConvertAll(t => t.Prices)),
            PriceSource =
                tables.Exists(t => t.Source == PriceSources.LiteLlm) || tables.TrueForAll(t => t.Prices.IsEmpty)
                    ? PriceSources.LiteLlm
                    : PriceSources.Shipped,
        };
    }

    // LiteLLM shows zero both for free and for unknown: only a zero that its operator declared is a price.
    private static (PriceTable Prices, string Source) PricesOf(Deployment deployment)
    {
        var own = deployment.Read.Prices;
        if (!own.IsEmpty && (!own.IsFree || deployment.DeclaresPrices))
        {
            return (own, PriceSources.LiteLlm);
        }
        var read = deployment.Read;
        foreach (var name in new[] { read.MapName, read.BaseModel, read.UpstreamModel, read.ModelName }.OfType<string>())
        {
            if (ShippedPrices.TryFind(name, out var shipped) && !shipped.Prices.IsEmpty)
            {
                return (shipped.Prices, PriceSources.Shipped);
            }
        }
        return (own.IsFree && !deployment.DeclaresPrices ? PriceTable.Empty : own, PriceSources.LiteLlm);
    }

    private static UpstreamModel FromNameAlone(string name, string? owner)
    {
        ShippedPrices.TryFind(name, out var shipped);
        return new UpstreamModel
        {
            Name = name,
            Providers = [PrefixOf(name) ?? shipped?.Provider ?? (owner is not null && IsName(owner) ? owner : "unknown")],
            Mode = shipped?.Mode ?? "chat",
            MaxInputTokens = shipped?.MaxInputTokens,
            MaxOutputTokens = shipped?.MaxOutputTokens,
            Supports = (shipped?.Supports ?? []).ToHashSet(),
            Prices = shipped?.Prices ?? PriceTable.Empty,
            PriceSource = shipped is null ? PriceSources.LiteLlm : PriceSources.Shipped,
        };
    }

    private static string? Provider(JsonElement row, LiteLlmDeployment read) =>
        new[]
        {
            read.Provider,
            Text(Child(row, "litellm_params"), "custom_llm_provider"),
            PrefixOf(read.UpstreamModel ?? ""),
        }.FirstOrDefault(p => p is not null && IsName(p));

    private static bool DeclaresPrices(JsonElement row, LiteLlmDeployment read) =>
        read.PriceOrigin == LiteLlmPriceOrigin.LiteLlmParams || Texts(row, "model_info", "pricing_overrides").Count > 0;

    private static bool IsName(string text) => text.Length is > 0 and <= LongestName && !text.Any(char.IsControl) && !IsBroken(text);

    private static bool IsWildcard(string name) => name.Contains('*');

    private static string? PrefixOf(string name) => name.IndexOf('/') is var slash and > 0 ? name[..slash] : null;

    private static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    private static string? Text(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value ? value : null;

    private static List<string> Texts(JsonElement row, string parent, string name) =>
        Child(Child(row, parent), name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!)]
            : [];

    private sealed record Deployment(LiteLlmDeployment Read, IReadOnlyList<string> OpenAiParams, string? Provider, bool DeclaresPrices)
    {
        public string Name => Read.ModelName;
    }
}
