namespace Gateway.Tests.Replay;

/// <summary>USD per token of each class, every one stated: what a call ought to cost, by hand.</summary>
internal sealed record ClassPrices(decimal Input, decimal Output)
{
    public decimal CacheRead { get; init; } = Input;

    public decimal CacheWrite { get; init; } = Input;

    public decimal CacheWrite1h { get; init; } = Input;

    public decimal InputAudio { get; init; } = Input;

    public decimal InputImage { get; init; } = Input;

    public decimal Reasoning { get; init; } = Output;

    public decimal OutputAudio { get; init; } = Output;

    public decimal WebSearch { get; init; }
}
