namespace Gateway.Core.Storage.Entities;

/// <summary>The numbers that stand for a call's texts in a database; 0: it has no such text.</summary>
public readonly record struct LedgerNumbers(int User, int ApiKey, int Team, int Model, int Tier, int Traits);
