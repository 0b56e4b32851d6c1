namespace Gateway.Tests.Sdk;

/// <summary>One line of <c>reporter.mjs</c>.</summary>
internal sealed record NodeTest(string File, string Name, bool Passed, bool Skipped, string? Error);
