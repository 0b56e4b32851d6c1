using Gateway.Tests.Replay;

namespace Gateway.Tests.Metering;

/// <summary>The hub with the options that change what crosses to and from LiteLLM.</summary>
public sealed class OptionReplayHub : ReplayHub
{
    public const int PlainHoldBytes = 1_000;

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["LITELLM_NUM_RETRIES"] = "0",
            ["FORWARD_LITELLM_HEADERS"] = "true",
            ["UPSTREAM_KEEPALIVE_SECONDS"] = "2",
            ["PLAIN_HOLD_BYTES"] = "1000",
        };
}
