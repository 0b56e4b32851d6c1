namespace Gateway.Core.Storage;

/// <summary>Ids of responses that the upstream keeps (<c>resp_...</c>): the ledger finds whose they are by an index of their own.</summary>
public static class ResponseIds
{
    /// <summary>What each of them begins with.</summary>
    public const string First = "resp_";

    /// <summary>The first text after all of them, byte by byte.</summary>
    public const string Beyond = "resp`";

    /// <summary>The filter of the index; a query that is to use it says the same.</summary>
    public const string Filter = $"external_request_id >= '{First}' AND external_request_id < '{Beyond}'";
}
