namespace Gateway.Benchmarks.Scale;

/// <summary>A command with its parameters.</summary>
internal sealed record SentCommand(string Text, IReadOnlyList<(string Name, object? Value)> Parameters);
