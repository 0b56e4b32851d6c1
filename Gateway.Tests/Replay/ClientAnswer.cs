namespace Gateway.Tests.Replay;

/// <summary>What a client got.</summary>
internal sealed record ClientAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string RequestId => Headers["x-oneui-request-id"];

    /// <summary>Whether the body broke off.</summary>
    public bool IsCut { get; init; }
}
