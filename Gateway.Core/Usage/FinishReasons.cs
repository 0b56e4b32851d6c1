namespace Gateway.Core.Usage;

/// <summary>Why the choices of an answer ended: a closed list, so that it may be told wherever calls are watched.</summary>
[Flags]
public enum FinishReasons : byte
{
    /// <summary>No choice said.</summary>
    None = 0,

    /// <summary><c>stop</c></summary>
    Stop = 1,

    /// <summary><c>length</c></summary>
    Length = 2,

    /// <summary><c>tool_calls</c></summary>
    ToolCalls = 4,

    /// <summary><c>function_call</c></summary>
    FunctionCall = 8,

    /// <summary><c>content_filter</c></summary>
    ContentFilter = 16,

    /// <summary>A word that is none of these.</summary>
    Other = 32,
}
