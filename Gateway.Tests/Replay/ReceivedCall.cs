namespace Gateway.Tests.Replay;

/// <summary>A call as it came to the upstream.</summary>
internal sealed record ReceivedCall(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, string ConnectionId);
