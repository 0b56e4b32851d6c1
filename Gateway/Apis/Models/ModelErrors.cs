using Gateway.Apis.Messages;
using Gateway.Calls;

namespace Gateway.Apis.Models;

/// <summary>Errors of the lists of models: Anthropic's for those who ask in its way, else OpenAI's.</summary>
internal sealed class ModelErrors : IErrorForm
{
    public static readonly IErrorForm Form = new ModelErrors();

    /// <summary>Whether a request comes from one of Anthropic's SDKs: each of its calls names the version of its API.</summary>
    public static bool AsksForAnthropics(HttpRequest request) => request.Headers.ContainsKey("anthropic-version");

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Serialize(
        int status,
        OpenAiError error,
        string? requestId,
        bool isOurs = true,
        LimitDetails? details = null
    ) => OpenAiErrors.Form.Serialize(status, error, requestId, isOurs, details);

    /// <inheritdoc/>
    public IErrorForm For(HttpRequest request) => AsksForAnthropics(request) ? AnthropicErrors.Form : OpenAiErrors.Form;
}
