namespace Gateway.Admin.LiteLlm;

/// <summary>
/// LiteLLM answered with a text that cannot be read: bytes that are no UTF-8, or half a surrogate pair. A reader of rows leaves the row
/// out; else it is 502.
/// </summary>
internal sealed class UnreadableTextException(Exception inner)
    : InvalidOperationException("A text of LiteLLM's answer cannot be read.", inner);
