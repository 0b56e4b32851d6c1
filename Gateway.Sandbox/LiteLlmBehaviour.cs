namespace Gateway.Sandbox;

/// <summary>Which LiteLLM the sandbox behaves like. The differences are those of the recordings in Gateway.Tests.</summary>
public enum LiteLlmBehaviour
{
    /// <summary>1.109.1: typed errors, <c>[DONE]</c> after an error frame, <c>usage.cost</c> in streams, budget refusals as 422.</summary>
    Current,

    /// <summary>1.81.13: <c>"None"</c> texts, no <c>[DONE]</c> after an error frame, no cost in streams, budget refusals as 400.</summary>
    Legacy,
}
