namespace Gateway.Core.Pricing;

/// <summary>Token classes beside text that a call can use; text, cache reads, cache writes and reasoning always can.</summary>
[Flags]
public enum MediaClasses : byte
{
    None = 0,
    InputAudio = 1 << 0,
    InputImage = 1 << 1,
    InputVideo = 1 << 2,
    OutputAudio = 1 << 3,
    OutputImage = 1 << 4,

    /// <summary>Content that the gateway cannot see may be any of them.</summary>
    AllInput = InputAudio | InputImage | InputVideo,
}
