namespace Gateway.Benchmarks.Scale;

/// <summary>How many rows of each kind.</summary>
internal sealed record SeedScale(long Users, long Keys, long Usage, long Chats, long Messages);
