namespace Gateway.Tests.Replay;

/// <summary>The counts of a call in disjoint classes, by the test's own reading.</summary>
internal sealed record ExpectedUsage
{
    public long Input { get; init; }

    public long CacheRead { get; init; }

    public long CacheWrite { get; init; }

    public long CacheWrite1h { get; init; }

    public long InputAudio { get; init; }

    public long InputImage { get; init; }

    public long Output { get; init; }

    public long Reasoning { get; init; }

    public long OutputAudio { get; init; }

    public long WebSearches { get; init; }

    public long Prompt => Input + CacheRead + CacheWrite + CacheWrite1h + InputAudio + InputImage;
}
