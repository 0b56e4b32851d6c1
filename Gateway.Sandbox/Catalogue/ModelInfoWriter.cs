using Gateway.Sandbox.Inference;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Catalogue;

/// <summary>One row of <c>/model/info</c>. 1.109 writes every field it knows, most of them null; 1.81 leaves unknown prices out.</summary>
internal sealed class ModelInfoWriter(LiteLlmBehaviour behaviour)
{
    private bool IsLegacy => behaviour == LiteLlmBehaviour.Legacy;

    public void Append(Utf8Builder json, SandboxModel model)
    {
        json.Raw("{\"model_name\":"u8).String(model.Name).Raw(",\"litellm_params\":{"u8);
        AppendParameters(json, model);
        json.Raw("},\"model_info\":{\"id\":"u8).String(model.Id).Raw(",\"db_model\":false"u8);
        if (!IsLegacy)
        {
            json.Raw(",\"member_auto_router\":false,\"pricing_overrides\":"u8);
            AppendList(json, model.PricesAreOverrides ? model.Prices.Keys : []);
        }
        json.Raw(",\"key\":"u8)
            .String(model.PricesAreOverrides ? model.UpstreamName : model.UpstreamName[(model.UpstreamName.IndexOf('/') + 1)..]);
        AppendLimit(json, model, "max_tokens", model.MaxOutputTokens);
        AppendLimit(json, model, "max_input_tokens", model.MaxInputTokens);
        AppendLimit(json, model, "max_output_tokens", model.MaxOutputTokens);
        AppendFields(json, model);
        json.Raw(",\"litellm_provider\":"u8)
            .String(model.Provider)
            .Raw(",\"mode\":"u8)
            .String(model.Mode)
            .Raw(",\"supported_openai_params\":"u8);
        AppendList(json, model.Mode == "embedding" ? ["timeout", "user", "encoding_format", "dimensions"] : ModelInfoFields.ChatParameters);
        json.Raw("}}"u8);
    }

    private void AppendParameters(Utf8Builder json, SandboxModel model)
    {
        foreach (var (field, price) in model.PricesAreOverrides ? model.Prices : new Dictionary<string, double>())
        {
            json.String(field).Raw(":"u8);
            _ = IsLegacy ? json.String(JsonText.PythonFloat(price)) : json.Text(JsonText.ShortestFloat(price));
            json.Raw(","u8);
        }
        json.Raw("\"api_base\":\""u8)
            .Text(LiteLlmHeaders.ApiBase)
            .Raw(IsLegacy ? "\""u8 : "\",\"allow_client_keepalive_override\":false,\"use_xai_oauth\":false"u8)
            .Raw(",\"use_in_pass_through\":false,\"use_litellm_proxy\":false,\"merge_reasoning_content_in_choices\":false,\"model\":"u8)
            .String(model.UpstreamName);
    }

    // 1.81 shows an admin's price only among the parameters.
    private void AppendFields(Utf8Builder json, SandboxModel model)
    {
        var known = model.Prices.Keys.Where(field => !ModelInfoFields.All.Contains(field));
        foreach (var field in ModelInfoFields.All.Concat(known))
        {
            var isFlag = field.StartsWith("supports_", StringComparison.Ordinal);
            if (model.Prices.TryGetValue(field, out var price) && !(IsLegacy && model.PricesAreOverrides))
            {
                json.Raw(",\""u8).Text(field).Raw("\":"u8).Text(IsLegacy ? JsonText.PythonFloat(price) : JsonText.ShortestFloat(price));
            }
            else if (isFlag && model.Supports.Contains(field["supports_".Length..]))
            {
                json.Raw(",\""u8).Text(field).Raw("\":true"u8);
            }
            else if (!IsLegacy && !model.OmitsNulls)
            {
                json.Raw(",\""u8).Text(field).Raw("\":null"u8);
            }
        }
    }

    private void AppendLimit(Utf8Builder json, SandboxModel model, string field, int? limit)
    {
        if (limit is null && (IsLegacy || model.OmitsNulls))
        {
            return;
        }
        json.Raw(",\""u8).Text(field).Raw("\":"u8);
        _ = limit is { } known ? json.Int(known).Raw(model.LimitsAsFloats ? ".0"u8 : ""u8) : json.Raw("null"u8);
    }

    private static void AppendList(Utf8Builder json, IEnumerable<string> texts)
    {
        var first = true;
        json.Raw("["u8);
        foreach (var text in texts)
        {
            json.Raw(first ? ""u8 : ","u8).String(text);
            first = false;
        }
        json.Raw("]"u8);
    }
}
