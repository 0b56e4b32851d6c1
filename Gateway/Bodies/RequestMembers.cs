using System.Diagnostics.CodeAnalysis;

namespace Gateway.Bodies;

/// <summary>The members of a body that the gateway reads, and where they stand. Everything else passes uninterpreted.</summary>
internal readonly record struct RequestMembers
{
    private readonly ContentSummary _content;

    /// <summary>The name of the model: the URL's, when it names one, else the body's.</summary>
    public required string Model { get; init; }

    /// <summary>The name that stands in the body; null: none.</summary>
    public string? BodyModel { get; init; }

    /// <summary>
    /// Where the value of <c>model</c> stands, quotes included. Without one: the end of the object, where it is to be put in.
    /// </summary>
    public required ByteRange ModelRange { get; init; }

    /// <summary>The mark between the parts of a form; null: the body is JSON.</summary>
    public string? FormBoundary { get; init; }

    /// <summary>Whether the body has no members at all.</summary>
    public bool IsEmpty { get; init; }

    /// <summary><c>stream</c>; false when absent or null.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the client asked for the usage chunk (<c>stream_options.include_usage</c>).</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Where the object <c>stream_options</c> stands; empty when absent or null.</summary>
    public ByteRange StreamOptionsRange { get; init; }

    /// <summary>Whether <c>stream_options</c> stands there as an object, or as null.</summary>
    public bool StreamOptionsIsObject { get; init; }

    /// <summary>Where the value of <c>stream_options.include_usage</c> stands; empty when absent.</summary>
    public ByteRange IncludeUsageRange { get; init; }

    /// <summary>
    /// The maximum that the client set for one choice by the API's own member, in tokens; null for none. Zero is passed on, but bounds
    /// nothing.
    /// </summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Where the value of <c>max_tokens</c> stands, null too; empty when absent.</summary>
    public ByteRange MaxTokensRange { get; init; }

    /// <summary>Where the value of <c>max_completion_tokens</c> stands, null too; empty when absent.</summary>
    public ByteRange MaxCompletionTokensRange { get; init; }

    /// <summary>Whether the client set <c>max_tool_calls</c>.</summary>
    public bool HasToolCallLimit { get; init; }

    /// <summary>Where the value of <c>max_tool_calls</c> stands, null too; empty when absent.</summary>
    public ByteRange MaxToolCallsRange { get; init; }

    /// <summary>max(<c>n</c>, <c>best_of</c>); 1 when absent.</summary>
    public int Choices { get; init; }

    /// <summary>What the body says of its end user and its tags.</summary>
    public BodyLabels Labels { get; init; }

    /// <summary>What the body brings along that costs tokens.</summary>
    public ContentSummary Content
    {
        get => _content;
        init => _content = value;
    }

    /// <summary>The same, in place.</summary>
    [UnscopedRef]
    public ref readonly ContentSummary ContentRef => ref _content;
}
