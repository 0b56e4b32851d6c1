namespace Gateway.Admin.LiteLlm;

/// <summary>What came of a test.</summary>
internal sealed record ConnectionTest(bool Success, ConnectionProbe Data);
