namespace Gateway.Core.Usage;

/// <summary>The words of finish reasons.</summary>
public static class FinishReasonNames
{
    /// <summary>The words for all that are set, in the order of the list; <c>other</c> for what is none of them.</summary>
    public static IReadOnlyList<string> ToNames(this FinishReasons reasons) =>
        [.. Enum.GetValues<FinishReasons>().Where(r => r != FinishReasons.None && reasons.HasFlag(r)).Select(NameOf)];

    internal static FinishReasons Read(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("stop"u8) || text.SequenceEqual("end_turn"u8) || text.SequenceEqual("stop_sequence"u8) ? FinishReasons.Stop
        : text.SequenceEqual("length"u8) || text.SequenceEqual("max_tokens"u8) ? FinishReasons.Length
        : text.SequenceEqual("tool_calls"u8) || text.SequenceEqual("tool_use"u8) ? FinishReasons.ToolCalls
        : text.SequenceEqual("function_call"u8) ? FinishReasons.FunctionCall
        : text.SequenceEqual("content_filter"u8) || text.SequenceEqual("refusal"u8) ? FinishReasons.ContentFilter
        : FinishReasons.Other;

    private static string NameOf(FinishReasons reason) =>
        reason switch
        {
            FinishReasons.Stop => "stop",
            FinishReasons.Length => "length",
            FinishReasons.ToolCalls => "tool_calls",
            FinishReasons.FunctionCall => "function_call",
            FinishReasons.ContentFilter => "content_filter",
            _ => "other",
        };
}
