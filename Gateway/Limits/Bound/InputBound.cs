using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;

namespace Gateway.Limits.Bound;

/// <summary>
/// The most tokens that a body can bring to the model. One token per byte, because no tokenizer of byte pairs makes more; images by a bound
/// of their own, and the provider's overheads. What cannot be told from the body counts as the longest prompt that the model takes.
/// </summary>
/// <param name="Tokens">The bound; when <paramref name="Refusal"/> is not null, only what can be told.</param>
/// <param name="HasUnboundedParts">Something in the body has a size in tokens that cannot be told from it.</param>
/// <param name="Media">The classes beside text that the prompt can hold.</param>
/// <param name="Refusal">Why there is no bound, or null.</param>
internal readonly record struct InputBound(long Tokens, bool HasUnboundedParts, MediaClasses Media, Refusal? Refusal)
{
    private const long TokensPerProviderDefinition = 1_024;

    public static InputBound Of(CallApi api, in ContentSummary content, long bodyBytes, PolicyModel model)
    {
        var allowance = ProviderAllowance.Of(model);
        var imageTokens = model.ImageTokenBound ?? allowance.ImageTokens;
        var opaqueImages =
            (imageTokens is null ? content.InlineImages : 0)
            + (imageTokens is null || !allowance.FetchesOnlyImages ? content.ImageUrls : 0);
        var plain =
            Plain(content, bodyBytes, model, allowance) + ((content.InlineImages + content.ImageUrls - opaqueImages) * (imageTokens ?? 0));
        var opaque = content.OpaqueParts + opaqueImages;
        var media = MediaOf(api, content, allowance);
        var longest = model.MaxInputTokens is > 0 and var known ? known : (long?)null;
        var isOnePrompt = content.Prompts == 1 && !api.BodyForm.InputsMayBeMedia;
        if (opaque == 0 && content.LimitedSearches == 0)
        {
            return new(isOnePrompt ? Math.Min(plain, longest ?? plain) : plain, HasUnboundedParts: false, media, null);
        }
        if (longest is null)
        {
            return new(
                plain,
                HasUnboundedParts: true,
                media,
                Refusals.UnboundedContent(content.UnboundedPlace ?? (opaqueImages > 0 ? "image_url" : "tools"))
            );
        }
        // A search at the provider reads the prompt once more, with what was found.
        var tokens = (isOnePrompt ? longest.Value : plain + ((Int128)opaque * longest.Value)) * (content.LimitedSearches + 1);
        return new((long)Int128.Min(tokens, CostBound.MaxTokens), HasUnboundedParts: true, media, null);
    }

    // An embedding's input may be the address of anything; a file or an earlier conversation may hold anything.
    private static MediaClasses MediaOf(CallApi api, in ContentSummary content, ProviderAllowance allowance)
    {
        var others = content.OpaqueParts - content.InlineAudio - content.AudioReferences;
        if (api.BodyForm.InputsMayBeMedia || others > 0 || (content.ImageUrls > 0 && !allowance.FetchesOnlyImages))
        {
            return MediaClasses.AllInput;
        }
        return (content.InlineImages + content.ImageUrls > 0 ? MediaClasses.InputImage : 0)
            | (content.InlineAudio + content.AudioReferences > 0 ? MediaClasses.InputAudio : 0);
    }

    private static long Plain(in ContentSummary content, long bodyBytes, PolicyModel model, ProviderAllowance allowance)
    {
        var text = bodyBytes + content.GrowthBytes - content.InlineMediaBytes;
        var prompts = content.Prompts * (model.PromptOverheadTokens ?? allowance.PromptOverheadTokens);
        var tools = content.HasTools || content.HasResponseFormat ? model.ToolsOverheadTokens ?? allowance.ToolsOverheadTokens : 0;
        return text + prompts + tools + (content.ProviderDefinitions * TokensPerProviderDefinition);
    }
}
