using System.Text.Json;
using Gateway.Core.Usage;

namespace Gateway.Apis.Moderations;

/// <summary>Verdicts in one piece, without a usage: what was read is estimated, and most models read it for nothing.</summary>
internal sealed class ModerationAnswer() : ChunkedAnswer("moderation")
{
    public override UsageShape Usage => UsageShape.Pieces;

    protected override void WriteNothing(Utf8JsonWriter choice) { }
}
