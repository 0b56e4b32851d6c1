namespace Gateway.Core.Usage;

/// <summary>The meter's word on one event.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="UsageStart">Where, within <see cref="SseEvent.Data"/>, the <c>usage</c> member starts, its comma included.</param>
/// <param name="UsageLength">How many bytes it takes; 0 when there is none. Without them the data is still valid JSON.</param>
public readonly record struct ChunkReport(ChunkKind Kind, int UsageStart = 0, int UsageLength = 0);
