namespace Gateway.Sandbox.Inference;

/// <summary>The inference APIs of the sandbox. Error texts name them as LiteLLM does, without <c>/v1</c>.</summary>
internal enum InferenceApi
{
    Chat,
    Completions,
    Embeddings,
    Messages,
    CountTokens,
    Responses,
    InputTokens,
    Moderations,
    Rerank,
    Images,
    ImageEdits,
    ImageVariations,
    Speech,
    Transcriptions,
    Translations,
}
