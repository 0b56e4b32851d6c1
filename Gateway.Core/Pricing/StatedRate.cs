namespace Gateway.Core.Pricing;

/// <summary>
/// One rate as somebody stated it. A class on purpose: generic collections of it need no code of their own, which the first look-up
/// of a process would wait for.
/// </summary>
public sealed record StatedRate(RateKey Key, Rate Rate);
