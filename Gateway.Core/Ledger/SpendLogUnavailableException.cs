namespace Gateway.Core.Ledger;

/// <summary>The upstream keeps no book, or it cannot be read now.</summary>
public sealed class SpendLogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
