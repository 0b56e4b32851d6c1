using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Usage;

namespace Gateway.Apis.Rerank;

/// <summary>
/// Ranks in one piece; <c>meta.billed_units</c> says what is charged. Where it does not, a search unit is counted for each hundred
/// documents.
/// </summary>
internal sealed class RerankAnswer() : ChunkedAnswer("rerank")
{
    public override UsageShape Usage => UsageShape.Pieces;

    public override MeteredAnswer Complete(Call call, MeteredAnswer answer)
    {
        if (answer.Usage is not { } usage || usage.Items.SearchUnits > 0 || answer.UsageSource != UsageSource.Estimated)
        {
            return answer;
        }
        var units = RerankApi.UnitsOf(call.Body.Members.ContentRef.Prompts);
        return answer with { Usage = usage with { Items = usage.Items with { SearchUnits = units } } };
    }

    protected override void WriteNothing(Utf8JsonWriter choice) { }
}
