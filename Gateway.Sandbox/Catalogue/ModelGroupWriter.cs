using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Catalogue;

/// <summary>One row of <c>/model_group/info</c>: the highest price and limit over the deployments of a name, limits as floats.</summary>
internal static class ModelGroupWriter
{
    public static void Append(Utf8Builder json, IGrouping<string, SandboxModel> group)
    {
        var first = group.First();
        json.Raw("{\"model_group\":"u8).String(group.Key).Raw(",\"providers\":["u8);
        var providers = group.Select(model => model.Provider).Distinct().ToList();
        for (var i = 0; i < providers.Count; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8).String(providers[i]);
        }
        json.Raw("],\"max_input_tokens\":"u8);
        AppendNumber(json, group.Max(model => (double?)model.MaxInputTokens));
        json.Raw(",\"max_output_tokens\":"u8);
        AppendNumber(json, group.Max(model => (double?)model.MaxOutputTokens));
        json.Raw(",\"input_cost_per_token\":"u8);
        AppendNumber(json, Highest(group, "input_cost_per_token"));
        json.Raw(",\"output_cost_per_token\":"u8);
        AppendNumber(json, Highest(group, "output_cost_per_token"));
        json.Raw(",\"input_cost_per_pixel\":null,\"mode\":"u8)
            .String(first.Mode)
            .Raw(",\"tpm\":null,\"rpm\":null,\"itpm\":null,\"otpm\":null"u8);
        foreach (
            var flag in (string[])["parallel_function_calling", "vision", "web_search", "url_context", "reasoning", "function_calling"]
        )
        {
            json.Raw(",\"supports_"u8).Text(flag).Raw("\":"u8).Bool(group.Any(model => model.Supports.Contains(flag)));
        }
        json.Raw(",\"supports_fast_mode\":false,\"supported_reasoning_efforts\":null,\"supported_openai_params\":["u8);
        for (var i = 0; i < ModelInfoFields.ChatParameters.Count; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8).String(ModelInfoFields.ChatParameters[i]);
        }
        json.Raw("],\"configurable_clientside_auth_params\":null,\"description\":null,\"supported_endpoints\":null"u8)
            .Raw(",\"supports_background_chat\":false,\"is_public_model_group\":false,\"health_status\":null"u8)
            .Raw(",\"health_response_time\":null,\"health_checked_at\":null,\"custom_tags\":null,\"custom_metadata\":null}"u8);
    }

    private static double? Highest(IEnumerable<SandboxModel> models, string field) =>
        models.Max(model => model.Prices.TryGetValue(field, out var price) ? price : (double?)null);

    private static void AppendNumber(Utf8Builder json, double? value) =>
        _ = value is { } known ? json.Text(JsonText.PythonFloat(known)) : json.Raw("null"u8);
}
