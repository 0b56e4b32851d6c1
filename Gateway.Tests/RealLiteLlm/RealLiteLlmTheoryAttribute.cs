namespace Gateway.Tests.RealLiteLlm;

/// <summary>A theory that needs a real LiteLLM.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealLiteLlmTheoryAttribute : TheoryAttribute
{
    public RealLiteLlmTheoryAttribute() => Skip = RealLiteLlmSettings.Skip;
}
