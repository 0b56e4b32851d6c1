namespace Gateway.Tests.Support;

/// <summary>One span as it came.</summary>
internal sealed record ReceivedSpan(
    string Scope,
    string TraceId,
    string SpanId,
    string ParentId,
    string Name,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<string> Events
);
