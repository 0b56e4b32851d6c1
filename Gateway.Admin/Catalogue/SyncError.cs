namespace Gateway.Admin;

/// <summary>One item that a sync could not take.</summary>
/// <param name="Id">Its name at the upstream; empty when it has none.</param>
/// <param name="Message">Why.</param>
public sealed record SyncError(string Id, string Message);
