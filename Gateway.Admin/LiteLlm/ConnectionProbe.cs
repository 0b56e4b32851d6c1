namespace Gateway.Admin.LiteLlm;

/// <summary>Whether LiteLLM answers, how fast, and how many models it lists.</summary>
internal sealed record ConnectionProbe(bool Reachable, long LatencyMs, int Models, string? Error);
