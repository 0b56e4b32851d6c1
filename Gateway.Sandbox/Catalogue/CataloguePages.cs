using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Catalogue;

/// <summary>The catalogue as LiteLLM writes it. The long pages are written once: the catalogue does not change.</summary>
internal sealed class CataloguePages
{
    private readonly SandboxCatalogue _catalogue;
    private readonly ModelInfoWriter _rows;
    private readonly Lazy<byte[]> _models;
    private readonly Lazy<byte[]> _modelInfo;

    public CataloguePages(SandboxCatalogue catalogue, LiteLlmBehaviour behaviour)
    {
        _catalogue = catalogue;
        _rows = new ModelInfoWriter(behaviour);
        _models = new Lazy<byte[]>(WriteModels);
        _modelInfo = new Lazy<byte[]>(() => Page(catalogue.Models, _rows.Append));
    }

    public byte[] Models => _models.Value;

    public byte[] ModelInfo => _modelInfo.Value;

    /// <summary>One model; any name that can be called is found, also one that is not in the list.</summary>
    public bool TryGetModel(string id, out byte[] model)
    {
        using var json = new Utf8Builder(256);
        var found = _catalogue.Find(id);
        model = found is null ? [] : AppendModel(json, found.Model).ToArray();
        return found is not null;
    }

    public bool TryGetModelInfo(string id, out byte[] page)
    {
        var rows = _catalogue.Models.Where(model => model.Id == id).ToList();
        page = rows.Count == 0 ? [] : Page(rows, _rows.Append);
        return rows.Count > 0;
    }

    public byte[] ModelGroupInfo(string? name)
    {
        var groups = _catalogue.Models.Where(model => name is null || model.Name == name).GroupBy(model => model.Name);
        return Page(groups, ModelGroupWriter.Append);
    }

    private byte[] WriteModels()
    {
        using var json = new Utf8Builder(16_384);
        json.Raw("{\"data\":["u8);
        var first = true;
        foreach (var model in _catalogue.Models.DistinctBy(model => model.Name))
        {
            json.Raw(first ? ""u8 : ","u8);
            AppendModel(json, model);
            first = false;
        }
        return json.Raw("],\"object\":\"list\"}"u8).ToArray();
    }

    // Models of the price map have their mode and limits here, others do not.
    private static Utf8Builder AppendModel(Utf8Builder json, SandboxModel model)
    {
        json.Raw("{\"id\":"u8).String(model.Name).Raw(",\"object\":\"model\",\"created\":1677610602,\"owned_by\":\"openai\""u8);
        if (!model.PricesAreOverrides)
        {
            json.Raw(",\"mode\":"u8).String(model.Mode);
            if (model.MaxInputTokens is { } input)
            {
                json.Raw(",\"max_input_tokens\":"u8).Int(input);
            }
            if (model.MaxOutputTokens is { } output)
            {
                json.Raw(",\"max_output_tokens\":"u8).Int(output);
            }
        }
        return json.Raw("}"u8);
    }

    private static byte[] Page<T>(IEnumerable<T> rows, Action<Utf8Builder, T> append)
    {
        using var json = new Utf8Builder(16_384);
        json.Raw("{\"data\":["u8);
        var first = true;
        foreach (var row in rows)
        {
            json.Raw(first ? ""u8 : ","u8);
            append(json, row);
            first = false;
        }
        return json.Raw("]}"u8).ToArray();
    }
}
