namespace Gateway.Callers;

/// <summary>A caller is not in memory and the database cannot be asked: nobody can say whether the call may pass, so it may not.</summary>
internal sealed class CallerStoreUnavailableException(Exception inner) : Exception("The database cannot be read.", inner);
