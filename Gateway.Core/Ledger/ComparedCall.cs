namespace Gateway.Core.Ledger;

/// <summary>A call in both books, in nano-dollars.</summary>
public sealed record ComparedCall(string Id, string Model, long ChargedNanoUsd, long UpstreamNanoUsd);
