using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>Answers that are things: verdicts, ranks, pictures, transcripts.</summary>
internal static class ThingsForm
{
    /// <summary>Appends the body.</summary>
    public static void Append(Utf8Builder json, InferenceCall call, in SandboxUsage usage)
    {
        if (call.Scenario.Fault == Fault.Empty)
        {
            json.Raw("{}"u8);
        }
        else if (call.Api == InferenceApi.Rerank)
        {
            AppendRanks(json, call, usage);
        }
        else if (call.Api.MakesImages())
        {
            AppendImages(json, call, usage);
        }
        else if (call.Api.HearsSound())
        {
            json.Raw("{\"text\":\""u8);
            AppendText(json, call);
            json.Raw("\",\"usage\":"u8);
            AppendUsage(json, call, usage);
            json.Raw("}"u8);
        }
        else
        {
            AppendVerdicts(json, call);
        }
    }

    /// <summary>The whole text of a transcript.</summary>
    public static void AppendText(Utf8Builder json, InferenceCall call)
    {
        for (var i = 0; i < call.Pieces; i++)
        {
            json.Raw(call.PieceAt(i).Json(call.IsLast(i)));
        }
    }

    /// <summary>The usage: tokens, or seconds where the model has no price of tokens.</summary>
    public static void AppendUsage(Utf8Builder json, InferenceCall call, in SandboxUsage usage)
    {
        if (call.Scenario.Report is ToldUsage.None)
        {
            json.Raw("null"u8);
            return;
        }
        if (usage.Seconds > 0)
        {
            json.Raw("{\"type\":\"duration\",\"seconds\":"u8).Text(JsonText.PythonFloat(usage.Seconds)).Raw("}"u8);
            return;
        }
        var told = call.Scenario.Report == ToldUsage.Zero ? default : usage;
        json.Raw("{\"type\":\"tokens\",\"input_tokens\":"u8)
            .Int(told.PromptTokens)
            .Raw(call.Api.HearsSound() ? ",\"input_token_details\":{\"audio_tokens\":"u8 : ",\"input_tokens_details\":{\"image_tokens\":"u8)
            .Int(call.Api.HearsSound() ? told.AudioInputTokens : told.ImageTokens)
            .Raw(",\"text_tokens\":"u8)
            .Int(told.PromptTokens - told.AudioInputTokens - told.ImageTokens)
            .Raw("},\"output_tokens\":"u8)
            .Int(told.CompletionTokens)
            .Raw(",\"total_tokens\":"u8)
            .Int((long)told.PromptTokens + told.CompletionTokens)
            .Raw("}"u8);
    }

    private static void AppendImages(Utf8Builder json, InferenceCall call, in SandboxUsage usage)
    {
        json.Raw("{\"created\":"u8).Int(call.Created).Raw(",\"background\":null,\"data\":["u8);
        for (var i = 0; i < call.Request.Choices; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8)
                .Raw("{\"b64_json\":\"iVBORw0KGgo=\",\"revised_prompt\":null,\"url\":null,\"provider_specific_fields\":null}"u8);
        }
        json.Raw("],\"output_format\":null,\"quality\":null,\"size\":"u8);
        _ = call.Request.ImageSize is { } size ? json.String(size) : json.Raw("null"u8);
        json.Raw(",\"usage\":"u8);
        AppendUsage(json, call, usage with { ImagesMade = 0 });
        json.Raw("}"u8);
    }

    private static void AppendVerdicts(Utf8Builder json, InferenceCall call)
    {
        json.Raw("{\"id\":\""u8).Text(call.RequestId).Raw("\",\"model\":"u8).Raw(call.Deployment.NameJson).Raw(",\"results\":["u8);
        for (var i = 0; i < call.Request.Inputs; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8)
                .Raw("{\"categories\":{\"harassment\":false,\"hate\":false,\"self-harm\":false,\"sexual\":false,\"violence\":false}"u8)
                .Raw(",\"category_applied_input_types\":null"u8)
                .Raw(",\"category_scores\":{\"harassment\":0.001,\"hate\":0.001,\"self-harm\":0.001,\"sexual\":0.001"u8)
                .Raw(",\"violence\":0.001},\"flagged\":false}"u8);
        }
        json.Raw("]}"u8);
    }

    private static void AppendRanks(Utf8Builder json, InferenceCall call, in SandboxUsage usage)
    {
        json.Raw("{\"id\":\""u8).Text(call.RequestId).Raw("\",\"results\":["u8);
        for (var i = 0; i < call.Request.Inputs; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8)
                .Raw("{\"index\":"u8)
                .Int(i)
                .Raw(",\"relevance_score\":"u8)
                .Text(JsonText.PythonFloat(0.9 / (i + 1)))
                .Raw("}"u8);
        }
        json.Raw("],\"meta\":{\"api_version\":{\"version\":\"2\"}"u8);
        if (call.Scenario.Report is not (ToldUsage.None or ToldUsage.Zero))
        {
            json.Raw(",\"billed_units\":{\"search_units\":"u8).Int(usage.SearchUnits).Raw("}"u8);
        }
        json.Raw("}}"u8);
    }
}
