namespace Gateway.Tests.RealLiteLlm;

/// <summary>
/// Where a real LiteLLM is, for whoever has one. It must serve the deployments that the recordings were made with
/// (<c>Recordings/litellm/README.md</c>): their names, prices and scripted provider.
/// </summary>
internal static class RealLiteLlmSettings
{
    /// <summary>Its address, such as <c>http://127.0.0.1:4000</c>; null: these tests are skipped.</summary>
    public static string? Address => Environment.GetEnvironmentVariable("HUB_TEST_LITELLM") is { Length: > 0 } address ? address : null;

    /// <summary>Its key.</summary>
    public static string Key =>
        Environment.GetEnvironmentVariable("HUB_TEST_LITELLM_KEY") is { Length: > 0 } key ? key : "sk-litellm-test-0000";

    /// <summary>Why a test does not run; null when it does.</summary>
    public static string? Skip => Address is null ? "HUB_TEST_LITELLM does not name the address of a real LiteLLM." : null;
}
