namespace Gateway.Core.Usage;

/// <summary>How much of the web a search brought in; decides its price.</summary>
public enum SearchContextSize : byte
{
    Medium,
    Low,
    High,
}
