namespace Gateway.Tests.RealLiteLlm;

/// <summary>A test that needs a real LiteLLM.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealLiteLlmFactAttribute : FactAttribute
{
    public RealLiteLlmFactAttribute() => Skip = RealLiteLlmSettings.Skip;
}
