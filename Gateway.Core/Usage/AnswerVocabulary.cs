namespace Gateway.Core.Usage;

/// <summary>The grammar of answers: which member of which container holds what.</summary>
internal static class AnswerVocabulary
{
    private const AnswerMember NoMember = (AnswerMember)byte.MaxValue;

    // By length and first letter, so that a name is compared once.
    public static AnswerKey KeyOf(ReadOnlySpan<byte> name) =>
        name.IsEmpty
            ? AnswerKey.Other
            : (name.Length, (char)name[0]) switch
            {
                (2, 'i') => Same(name, "id"u8, AnswerKey.Id),
                (4, 't') => name[1] == (byte)'e' ? Same(name, "text"u8, AnswerKey.Text) : Same(name, "type"u8, AnswerKey.Type),
                (4, 'd') => Same(name, "data"u8, AnswerKey.Data),
                (4, 'n') => Same(name, "name"u8, AnswerKey.Name),
                (4, 'm') => Same(name, "meta"u8, AnswerKey.Meta),
                (4, 's') => Same(name, "size"u8, AnswerKey.Size),
                (7, 'q') => Same(name, "quality"u8, AnswerKey.Quality),
                (5, 'd') => Same(name, "delta"u8, AnswerKey.Delta),
                (5, 'u') => Same(name, "usage"u8, AnswerKey.Usage),
                (5, 'm') => Same(name, "model"u8, AnswerKey.Model),
                (5, 'e') => Same(name, "error"u8, AnswerKey.Error),
                (5, 'a') => Same(name, "audio"u8, AnswerKey.Audio),
                (5, 'i') => name[1] == (byte)'n' ? Same(name, "input"u8, AnswerKey.Input) : Same(name, "image"u8, AnswerKey.Image),
                (5, 'v') => Same(name, "video"u8, AnswerKey.Thing),
                (4, 'f') => Same(name, "file"u8, AnswerKey.Thing),
                (6, 's') => Same(name, "status"u8, AnswerKey.Status),
                (6, 'x') => Same(name, "x_groq"u8, AnswerKey.Envelope),
                (6, 'o') => Same(name, "output"u8, AnswerKey.Output),
                (6, 'i') => Same(name, "images"u8, AnswerKey.Images),
                (6, 'c') => Same(name, "custom"u8, AnswerKey.Function),
                (7, 'c') => name[1] == (byte)'o' ? Same(name, "content"u8, AnswerKey.Content) : Same(name, "choices"u8, AnswerKey.Choices),
                (7, 'm') => Same(name, "message"u8, AnswerKey.Message),
                (7, 's') => Same(name, "summary"u8, AnswerKey.Summary),
                (7, 'r') => name[2] == (byte)'f' ? Same(name, "refusal"u8, AnswerKey.Refusal) : Same(name, "results"u8, AnswerKey.Results),
                (7, 't') => Same(name, "timings"u8, AnswerKey.OtherUsage),
                (8, 'r') => Same(name, "response"u8, AnswerKey.Envelope),
                (8, 'f') => Same(name, "function"u8, AnswerKey.Function),
                (6, 'v') => Same(name, "videos"u8, AnswerKey.Thing),
                (8, 't') => Same(name, "thinking"u8, AnswerKey.Thinking),
                (8, 'b') => Same(name, "b64_json"u8, AnswerKey.Image),
                (9, 'a') => Same(name, "arguments"u8, AnswerKey.Arguments),
                (10, 'e') => Same(name, "eval_count"u8, AnswerKey.AnswerCount),
                (9, 'i') => Same(name, "image_url"u8, AnswerKey.Image),
                (9, 'r') => Same(name, "reasoning"u8, AnswerKey.Reasoning),
                (10, 't') => name[1] == (byte)'o'
                    ? Same(name, "tool_calls"u8, AnswerKey.ToolCalls)
                    : Same(name, "transcript"u8, AnswerKey.Transcript),
                (11, 's') => Same(name, "stop_reason"u8, AnswerKey.StopReason),
                (12, 'p') => Same(name, "partial_json"u8, AnswerKey.Arguments),
                (12, 's') => Same(name, "service_tier"u8, AnswerKey.ServiceTier),
                (13, 'c') => Same(name, "content_block"u8, AnswerKey.ContentBlock),
                (13, 'f') => name[1] == (byte)'i'
                    ? Same(name, "finish_reason"u8, AnswerKey.FinishReason)
                    : Same(name, "function_call"u8, AnswerKey.FunctionCall),
                (13, 'u') => Same(name, "usageMetadata"u8, AnswerKey.OtherUsage),
                (14, 'r') => Same(name, "reasoning_text"u8, AnswerKey.ReasoningContent),
                (15, 't') => Same(name, "thinking_blocks"u8, AnswerKey.Thoughts),
                (17, 'r') => name[10] == (byte)'c'
                    ? Same(name, "reasoning_content"u8, AnswerKey.ReasoningContent)
                    : Same(name, "reasoning_details"u8, AnswerKey.Thoughts),
                (17, 'p') => Same(name, "prompt_eval_count"u8, AnswerKey.PromptCount),
                _ => AnswerKey.Other,
            };

    private static AnswerKey Same(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known, AnswerKey key) =>
        name.SequenceEqual(known) ? key : AnswerKey.Other;

    /// <summary>
    /// The role of a container that opens as the value of a member (or, with <see cref="AnswerKey.Other"/>, as an element).
    /// </summary>
    public static AnswerRole RoleOf(AnswerRole parent, AnswerKey key, bool isArray) =>
        (parent, key, isArray) switch
        {
            (AnswerRole.Root, AnswerKey.Choices, true) => AnswerRole.Choices,
            (AnswerRole.Root, AnswerKey.Data or AnswerKey.Results, true) => AnswerRole.Things,
            (AnswerRole.Root, AnswerKey.Output, true) => AnswerRole.OutputItems,
            (AnswerRole.Root, AnswerKey.Content, true) => AnswerRole.Parts,
            (AnswerRole.Root, AnswerKey.Envelope or AnswerKey.Message, false) => AnswerRole.Envelope,
            (AnswerRole.Choices, _, false) => AnswerRole.Choice,
            (AnswerRole.Choice, AnswerKey.Message or AnswerKey.Delta, false) => AnswerRole.Message,
            (AnswerRole.Message, AnswerKey.Content, _) => isArray ? AnswerRole.Parts : AnswerRole.Part,
            (AnswerRole.Message or AnswerRole.Choice, >= AnswerKey.Reasoning and <= AnswerKey.Thoughts, _) => isArray
                ? AnswerRole.Thoughts
                : AnswerRole.Thought,
            (AnswerRole.Thoughts, _, false) => AnswerRole.Thought,
            (AnswerRole.Thought, AnswerKey.Summary or AnswerKey.Content or AnswerKey.Thinking or AnswerKey.Text, _) => isArray
                ? AnswerRole.Thoughts
                : AnswerRole.Thought,
            (AnswerRole.Message, AnswerKey.ToolCalls, true) => AnswerRole.ToolCalls,
            (AnswerRole.Message, AnswerKey.FunctionCall, false) => AnswerRole.Function,
            (AnswerRole.Message or AnswerRole.Part, AnswerKey.Audio, false) => AnswerRole.Audio,
            (AnswerRole.Message or AnswerRole.Part, AnswerKey.Images, true) => AnswerRole.Images,
            (AnswerRole.Message, AnswerKey.Thing, true) => AnswerRole.Things,
            (AnswerRole.Message or AnswerRole.Part, AnswerKey.Thing, false) => AnswerRole.Things,
            (AnswerRole.Parts, _, false) => AnswerRole.Part,
            (AnswerRole.Part, AnswerKey.Reasoning or AnswerKey.Thinking or AnswerKey.Content, true) => AnswerRole.Parts,
            (AnswerRole.ToolCalls, _, false) => AnswerRole.ToolCall,
            (AnswerRole.ToolCall, AnswerKey.Function, false) => AnswerRole.Function,
            (AnswerRole.Function or AnswerRole.ToolCall or AnswerRole.OutputItem, AnswerKey.Arguments or AnswerKey.Input, _) =>
                AnswerRole.Texts,
            (AnswerRole.Texts, _, _) => AnswerRole.Texts,
            (AnswerRole.OutputItems, _, false) => AnswerRole.OutputItem,
            (AnswerRole.OutputItem, AnswerKey.Content or AnswerKey.Summary, true) => AnswerRole.Parts,
            (AnswerRole.Part, AnswerKey.Input, _) => AnswerRole.Texts,
            (AnswerRole.MessagesEvent, AnswerKey.Message, false) => AnswerRole.EventAnswer,
            (AnswerRole.MessagesEvent, AnswerKey.Delta or AnswerKey.ContentBlock, false) => AnswerRole.Part,
            (AnswerRole.ResponsesEvent, AnswerKey.Envelope, false) => AnswerRole.EventAnswer,
            (AnswerRole.EventAnswer, AnswerKey.Output, true) => AnswerRole.FinalItems,
            (AnswerRole.FinalItems, _, false) => AnswerRole.FinalItem,
            (AnswerRole.Pieces, AnswerKey.Data or AnswerKey.Results, true) => AnswerRole.Things,
            _ => AnswerRole.Other,
        };

    public static StringMeaning MeaningOf(AnswerRole parent, AnswerKey key) =>
        (parent, key) switch
        {
            (AnswerRole.Message, AnswerKey.Content or AnswerKey.Refusal) => StringMeaning.Text,
            (AnswerRole.Message or AnswerRole.Choice, AnswerKey.ReasoningContent) => StringMeaning.ReasoningContent,
            (AnswerRole.Message or AnswerRole.Choice, AnswerKey.Reasoning) => StringMeaning.Reasoning,
            (AnswerRole.Message or AnswerRole.Choice, AnswerKey.Thinking) => StringMeaning.Thinking,
            (AnswerRole.Thought, AnswerKey.Text or AnswerKey.Thinking or AnswerKey.Summary or AnswerKey.Content) => StringMeaning.Thoughts,
            (AnswerRole.Thought, AnswerKey.Reasoning) => StringMeaning.Thoughts,
            (AnswerRole.Thoughts, _) => StringMeaning.Thoughts,
            (AnswerRole.Thought, AnswerKey.Data) => StringMeaning.Thing,
            (AnswerRole.Choice or AnswerRole.Root, AnswerKey.Text) => StringMeaning.Text,
            (AnswerRole.Choice, AnswerKey.FinishReason) => StringMeaning.FinishReason,
            (AnswerRole.Part, AnswerKey.Text or AnswerKey.Refusal or AnswerKey.Name) => StringMeaning.Text,
            (AnswerRole.Part, >= AnswerKey.Reasoning and <= AnswerKey.Thinking) => StringMeaning.Text,
            (AnswerRole.Parts or AnswerRole.Texts, _) => StringMeaning.Text,
            (AnswerRole.Part, AnswerKey.Data or AnswerKey.Thing) => StringMeaning.Thing,
            (AnswerRole.Function or AnswerRole.ToolCall, AnswerKey.Name or AnswerKey.Arguments or AnswerKey.Input) => StringMeaning.Text,
            (AnswerRole.OutputItem, AnswerKey.Name or AnswerKey.Arguments or AnswerKey.Input) => StringMeaning.Text,
            (AnswerRole.Audio, AnswerKey.Transcript) => StringMeaning.Text,
            (AnswerRole.Audio, AnswerKey.Data) => StringMeaning.Sound,
            (AnswerRole.Part or AnswerRole.Root, AnswerKey.StopReason) => StringMeaning.FinishReason,
            (AnswerRole.Part, AnswerKey.Arguments) => StringMeaning.Text,
            (AnswerRole.MessagesEvent or AnswerRole.ResponsesEvent, AnswerKey.Type) => StringMeaning.EventType,
            (AnswerRole.ResponsesEvent, AnswerKey.Delta) => StringMeaning.Text,
            (AnswerRole.OutputItem or AnswerRole.FinalItem, AnswerKey.Type) => StringMeaning.ItemType,
            (AnswerRole.Pieces, AnswerKey.Type) => StringMeaning.EventType,
            (AnswerRole.Pieces, AnswerKey.Text) => StringMeaning.FinalText,
            (AnswerRole.Pieces, AnswerKey.Delta) => StringMeaning.Text,
            (AnswerRole.Pieces, AnswerKey.Audio) => StringMeaning.Sound,
            (AnswerRole.Pieces, AnswerKey.Image) => StringMeaning.Thing,
            _ => StringMeaning.None,
        };

    /// <summary>The member to keep, when the key names one: most stand at the root, a usage also deeper.</summary>
    public static bool TryGetMember(AnswerRole role, AnswerKey key, out AnswerMember member)
    {
        member = (role, key) switch
        {
            (AnswerRole.Root, AnswerKey.Id) => AnswerMember.Id,
            (AnswerRole.Root, AnswerKey.Model) => AnswerMember.Model,
            (AnswerRole.Root, AnswerKey.ServiceTier) => AnswerMember.ServiceTier,
            (AnswerRole.Root, AnswerKey.Usage) => AnswerMember.Usage,
            (AnswerRole.Root, AnswerKey.Error) => AnswerMember.Error,
            (AnswerRole.Root, AnswerKey.Status) => AnswerMember.Status,
            (AnswerRole.Root, AnswerKey.OtherUsage) => AnswerMember.OtherUsage,
            (AnswerRole.Choice or AnswerRole.Envelope, AnswerKey.Usage) => AnswerMember.OtherUsage,
            (AnswerRole.EventAnswer, AnswerKey.Id) => AnswerMember.Id,
            (AnswerRole.EventAnswer, AnswerKey.Model) => AnswerMember.Model,
            (AnswerRole.EventAnswer, AnswerKey.ServiceTier) => AnswerMember.ServiceTier,
            (AnswerRole.EventAnswer, AnswerKey.Usage) => AnswerMember.OtherUsage,
            (AnswerRole.EventAnswer or AnswerRole.MessagesEvent or AnswerRole.ResponsesEvent, AnswerKey.Error) => AnswerMember.Error,
            (AnswerRole.MessagesEvent, AnswerKey.Usage) => AnswerMember.Usage,
            (AnswerRole.Pieces, AnswerKey.Id) => AnswerMember.Id,
            (AnswerRole.Pieces, AnswerKey.Model) => AnswerMember.Model,
            (AnswerRole.Pieces, AnswerKey.Usage) => AnswerMember.Usage,
            (AnswerRole.Pieces, AnswerKey.Meta) => AnswerMember.OtherUsage,
            (AnswerRole.Pieces, AnswerKey.Error) => AnswerMember.Error,
            (AnswerRole.Pieces, AnswerKey.Size) => AnswerMember.ImageSize,
            (AnswerRole.Pieces, AnswerKey.Quality) => AnswerMember.ImageQuality,
            (AnswerRole.Root, AnswerKey.PromptCount) => AnswerMember.PromptCount,
            (AnswerRole.Root, AnswerKey.AnswerCount) => AnswerMember.AnswerCount,
            _ => NoMember,
        };
        return member != NoMember;
    }
}
