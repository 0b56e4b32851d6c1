using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>Errors in the form of the API called.</summary>
internal static class ErrorForm
{
    public static LiteLlmError For(this LiteLlmError error, InferenceApi api) =>
        api.IsAnthropics() ? error with { AnthropicType = AnthropicForm.TypeOf(error.Status) } : error;
}
