namespace Gateway.Ledger;

/// <summary>A message of a chat whose call a journal brought into the database.</summary>
/// <param name="MessageId">The answer's id.</param>
/// <param name="CallId">The call: the id of its ledger entry.</param>
/// <param name="WasInFlight">Whether it had not ended when its process did.</param>
internal sealed record ReplayedMessage(string MessageId, string CallId, bool WasInFlight);
