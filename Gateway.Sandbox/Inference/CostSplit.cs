namespace Gateway.Sandbox.Inference;

/// <summary>A cost in USD as LiteLLM's headers split it; <see cref="Reasoning"/> is part of <see cref="Output"/>.</summary>
internal readonly record struct CostSplit(double Input, double Output, double CacheRead, double CacheCreation, double Reasoning)
{
    public double Total => Input + CacheRead + CacheCreation + Output;
}
