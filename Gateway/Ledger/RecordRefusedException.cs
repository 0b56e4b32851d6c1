namespace Gateway.Ledger;

/// <summary>A row that no ledger can hold.</summary>
internal sealed class RecordRefusedException(string message) : Exception(message);
