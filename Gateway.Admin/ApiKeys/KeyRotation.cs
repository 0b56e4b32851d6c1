using System.ComponentModel;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.ApiKeys;

/// <summary>How a key gets its new secret.</summary>
[Example("""{"overlap_seconds":3600}""")]
internal sealed record KeyRotation
{
    [Whole(0, 604_800)]
    [Description("How long the old secret works on. 0 when it is not sent.")]
    public Optional<long> OverlapSeconds { get; init; }
}
