namespace Gateway.Core.Usage;

/// <summary>Where in an answer the scanner stands: the containers that can hold generated content, by the member that opened them.</summary>
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
    /// <summary>Whatever stands in here is content without text: vectors, images, verdicts.</summary>
    Things,
}

/// <summary>The member names that mean something to the meter.</summary>
internal enum AnswerKey : byte
{
    Other,
    Id,
    Model,
    ServiceTier,
    Usage,
    Error,
    Choices,
    Data,
    Output,
    Content,
    Message,
    Text,
    FinishReason,
    Refusal,
    Reasoning,
    ToolCalls,
    FunctionCall,
    Function,
    Arguments,
    Name,
    Input,
    Audio,
    Transcript,
    Images,
    Summary,
    Results,
}

/// <summary>What a string in an answer is to the meter.</summary>
internal enum StringMeaning : byte
{
    None,
    /// <summary>Generated text: its bytes count.</summary>
    Text,
    /// <summary>Generated, but not text (audio in base64): only that it is there counts.</summary>
    Thing,
    FinishReason,
}

/// <summary>The grammar of answers: which member of which container holds what.</summary>
internal static class AnswerVocabulary
{
    public static AnswerKey KeyOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => AnswerKey.Id,
        4 when name.SequenceEqual("text"u8) => AnswerKey.Text,
        4 when name.SequenceEqual("data"u8) => AnswerKey.Data,
        4 when name.SequenceEqual("name"u8) => AnswerKey.Name,
        5 when name.SequenceEqual("delta"u8) => AnswerKey.Message,
        5 when name.SequenceEqual("usage"u8) => AnswerKey.Usage,
        5 when name.SequenceEqual("model"u8) => AnswerKey.Model,
        5 when name.SequenceEqual("error"u8) => AnswerKey.Error,
        5 when name.SequenceEqual("audio"u8) => AnswerKey.Audio,
        5 when name.SequenceEqual("input"u8) => AnswerKey.Input,
        6 when name.SequenceEqual("output"u8) => AnswerKey.Output,
        6 when name.SequenceEqual("images"u8) => AnswerKey.Images,
        6 when name.SequenceEqual("custom"u8) => AnswerKey.Function,
        7 when name.SequenceEqual("choices"u8) => AnswerKey.Choices,
        7 when name.SequenceEqual("content"u8) => AnswerKey.Content,
        7 when name.SequenceEqual("message"u8) => AnswerKey.Message,
        7 when name.SequenceEqual("refusal"u8) => AnswerKey.Refusal,
        7 when name.SequenceEqual("summary"u8) => AnswerKey.Summary,
        7 when name.SequenceEqual("results"u8) => AnswerKey.Results,
        8 when name.SequenceEqual("function"u8) => AnswerKey.Function,
        8 when name.SequenceEqual("thinking"u8) => AnswerKey.Reasoning,
        9 when name.SequenceEqual("arguments"u8) => AnswerKey.Arguments,
        10 when name.SequenceEqual("tool_calls"u8) => AnswerKey.ToolCalls,
        10 when name.SequenceEqual("transcript"u8) => AnswerKey.Transcript,
        12 when name.SequenceEqual("service_tier"u8) => AnswerKey.ServiceTier,
        13 when name.SequenceEqual("finish_reason"u8) => AnswerKey.FinishReason,
        13 when name.SequenceEqual("function_call"u8) => AnswerKey.FunctionCall,
        17 when name.SequenceEqual("reasoning_content"u8) => AnswerKey.Reasoning,
        _ => AnswerKey.Other,
    };

    /// <summary>The role of a container that opens as the value of a member (or, with <see cref="AnswerKey.Other"/>, as an element).</summary>
    public static AnswerRole RoleOf(AnswerRole parent, AnswerKey key, bool isArray) => (parent, key, isArray) switch
    {
        (AnswerRole.Root, AnswerKey.Choices, true) => AnswerRole.Choices,
        (AnswerRole.Root, AnswerKey.Data or AnswerKey.Results, true) => AnswerRole.Things,
        (AnswerRole.Root, AnswerKey.Output, true) => AnswerRole.OutputItems,
        (AnswerRole.Root, AnswerKey.Content, true) => AnswerRole.Parts,
        (AnswerRole.Choices, _, false) => AnswerRole.Choice,
        (AnswerRole.Choice, AnswerKey.Message, false) => AnswerRole.Message,
        (AnswerRole.Message, AnswerKey.Content, true) => AnswerRole.Parts,
        (AnswerRole.Message, AnswerKey.ToolCalls, true) => AnswerRole.ToolCalls,
        (AnswerRole.Message, AnswerKey.FunctionCall, false) => AnswerRole.Function,
        (AnswerRole.Message, AnswerKey.Audio, false) => AnswerRole.Audio,
        (AnswerRole.Message, AnswerKey.Images, true) => AnswerRole.Things,
        (AnswerRole.Parts, _, false) => AnswerRole.Part,
        (AnswerRole.ToolCalls, _, false) => AnswerRole.ToolCall,
        (AnswerRole.ToolCall, AnswerKey.Function, false) => AnswerRole.Function,
        (AnswerRole.OutputItems, _, false) => AnswerRole.OutputItem,
        (AnswerRole.OutputItem, AnswerKey.Content or AnswerKey.Summary, true) => AnswerRole.Parts,
        _ => AnswerRole.Other,
    };

    public static StringMeaning MeaningOf(AnswerRole parent, AnswerKey key) => (parent, key) switch
    {
        (AnswerRole.Message, AnswerKey.Content or AnswerKey.Refusal or AnswerKey.Reasoning) => StringMeaning.Text,
        (AnswerRole.Choice or AnswerRole.Root, AnswerKey.Text) => StringMeaning.Text,
        (AnswerRole.Choice, AnswerKey.FinishReason) => StringMeaning.FinishReason,
        (AnswerRole.Part, AnswerKey.Text or AnswerKey.Refusal or AnswerKey.Reasoning or AnswerKey.Name) => StringMeaning.Text,
        (AnswerRole.Function, AnswerKey.Name or AnswerKey.Arguments or AnswerKey.Input) => StringMeaning.Text,
        (AnswerRole.OutputItem, AnswerKey.Name or AnswerKey.Arguments or AnswerKey.Input) => StringMeaning.Text,
        (AnswerRole.Audio, AnswerKey.Transcript) => StringMeaning.Text,
        (AnswerRole.Audio, AnswerKey.Data) => StringMeaning.Thing,
        _ => StringMeaning.None,
    };

    /// <summary>The member to keep, when the key names one. Only for members of the root.</summary>
    public static bool TryGetMember(AnswerKey key, out AnswerMember member)
    {
        member = (AnswerMember)(key - AnswerKey.Id);
        return key is >= AnswerKey.Id and <= AnswerKey.Error;
    }
}
