using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Support;

/// <summary>One entry.</summary>
internal sealed record LogEntry(string Category, LogLevel Level, string Text, IReadOnlyDictionary<string, string?> Values);
