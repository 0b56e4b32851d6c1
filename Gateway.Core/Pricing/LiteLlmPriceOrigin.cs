namespace Gateway.Core.Pricing;

/// <summary>Where LiteLLM's prices of a deployment were taken from.</summary>
public enum LiteLlmPriceOrigin : byte
{
    /// <summary>No price is known to LiteLLM.</summary>
    None,

    /// <summary><c>model_info</c>: what LiteLLM 1.109 bills by, own prices and price map merged.</summary>
    ModelInfo,

    /// <summary><c>litellm_params</c> alone: what LiteLLM 1.81 bills by when an admin set any price there.</summary>
    LiteLlmParams,
}
