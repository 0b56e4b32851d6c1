namespace Gateway.Sandbox;

/// <summary>Sums over calls of every outcome.</summary>
/// <param name="Calls">Number of calls.</param>
/// <param name="PromptTokens">Sum of prompt tokens used.</param>
/// <param name="CompletionTokens">Sum of completion tokens used.</param>
public readonly record struct SandboxTotals(long Calls, long PromptTokens, long CompletionTokens);
