namespace Gateway.Sandbox.Scenarios;

/// <summary>How the prompt and completion tokens are split into classes; the shares are in README.md.</summary>
internal enum TokenSplit
{
    Plain,
    Cached,
    CacheWrite,
    CacheWriteBothLifetimes,
    Audio,
    Image,
}
