namespace Gateway.Sandbox.Providers;

/// <summary>What a batch came to.</summary>
/// <param name="Output">The file with answers, or null.</param>
/// <param name="Errors">The file with calls that failed, or null.</param>
/// <param name="Completed">Calls that were answered.</param>
/// <param name="Failed">Calls that were not.</param>
internal sealed record BatchEnd(string? Output, string? Errors, int Completed, int Failed);
