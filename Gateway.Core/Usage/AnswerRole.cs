namespace Gateway.Core.Usage;

/// <summary>
/// Where in an answer the scanner stands: the containers that can hold generated content, by the member that opened them.
/// </summary>
internal enum AnswerRole : byte
{
    Other,
    Root,
    Choices,
    Choice,

    /// <summary>A chat choice's <c>message</c> or <c>delta</c>.</summary>
    Message,

    /// <summary>An array of content parts, and one part.</summary>
    Parts,
    Part,
    ToolCalls,
    ToolCall,
    Function,
    Audio,

    /// <summary>Responses: <c>output</c> and one item of it.</summary>
    OutputItems,
    OutputItem,

    /// <summary>Whatever stands in here is content without text: vectors, files, verdicts.</summary>
    Things,

    /// <summary>An object of the root that can hold a usage: the answer within an event, Groq's own member.</summary>
    Envelope,

    /// <summary>An array of pictures made.</summary>
    Images,

    /// <summary>What the model thought, in pieces, and one piece.</summary>
    Thoughts,
    Thought,

    /// <summary>Every string in here is generated text: arguments as an object instead of as a text.</summary>
    Texts,

    /// <summary>The answer within an event of a Messages or Responses stream: its id, its usage, its error.</summary>
    EventAnswer,

    /// <summary>The items of the answer within an event, whose texts came before, and one item.</summary>
    FinalItems,
    FinalItem,

    /// <summary>The root of an event of a Messages stream.</summary>
    MessagesEvent,

    /// <summary>The root of an event of a Responses stream.</summary>
    ResponsesEvent,

    /// <summary>The root of an answer, or of an event of a stream, that brings things: verdicts, pictures, sound.</summary>
    Pieces,
}
