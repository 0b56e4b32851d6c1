using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Bodies;

/// <summary>
/// What a body brings along that costs tokens, counted by kind while it is read; nothing of the content itself is kept. Written only by the
/// readers of this folder; who gets it from <see cref="RequestMembers"/> has a copy.
/// </summary>
internal struct ContentSummary()
{
    /// <summary>More searches than this are no limit.</summary>
    public const long MostSearches = 1_000;

    private const int LongestName = 64;

    /// <summary>Prompts: the entries of an array of prompts or inputs, else 1.</summary>
    public int Prompts { get; set; } = 1;

    /// <summary>Bytes of a question that is read again with each prompt.</summary>
    public long QueryBytes { get; set; }

    /// <summary>Images whose bytes stand in the body.</summary>
    public int InlineImages { get; set; }

    /// <summary>Images that the upstream fetches; what it finds there may be no image.</summary>
    public int ImageUrls { get; set; }

    /// <summary>PDFs and other files whose bytes stand in the body.</summary>
    public int InlineFiles { get; set; }

    /// <summary>Files that the upstream keeps, by id.</summary>
    public int FileReferences { get; set; }

    /// <summary>Audio whose bytes stand in the body.</summary>
    public int InlineAudio { get; set; }

    /// <summary>Audio of an earlier answer, by id.</summary>
    public int AudioReferences { get; set; }

    /// <summary>Parts and members within messages or prompts that have no rule.</summary>
    public int UnknownParts { get; set; }

    /// <summary>Stored prompts, conversations and earlier responses.</summary>
    public int StoredContents { get; set; }

    /// <summary>Bytes of the body that are images, files or audio and are no text for the model.</summary>
    public long InlineMediaBytes { get; set; }

    /// <summary>Bytes that the text may grow by before it is cut into tokens.</summary>
    public long GrowthBytes { get; set; }

    /// <summary>The first place whose size in tokens cannot be told from the body, for a refusal to name.</summary>
    public string? UnboundedPlace { get; private set; }

    /// <summary>Bytes of parts of a message that have no rule: what they are is not known, text for the model or media.</summary>
    public long UnknownPartBytes { get; set; }

    /// <summary>The first member that has no bound, or whose value has none: its name, or its path within an object.</summary>
    public string? UnknownMember { get; private set; }

    /// <summary>What that member can do, to be read after "The member 'x'"; null for one that is not known.</summary>
    public string? UnknownMemberReason { get; private set; }

    /// <summary>The largest maximum of the answer under another name than the API's own; 0 for none.</summary>
    public long OtherMaximumTokens { get; set; }

    /// <summary>The most tokens of reasoning that the body asks for in a member of its own; 0 for none.</summary>
    public long ReasoningBudgetTokens { get; set; }

    /// <summary>Tools or functions are given.</summary>
    public bool HasTools { get; set; }

    /// <summary>The response that the call goes on from; null: none.</summary>
    public string? PreviousResponse { get; set; }

    /// <summary>The conversation that the call is a part of; null: none.</summary>
    public string? Conversation { get; set; }

    /// <summary>The file with the calls of a batch; null: none.</summary>
    public string? BatchFile { get; set; }

    /// <summary>The path of the calls of a batch; null: none.</summary>
    public string? BatchEndpoint { get; set; }

    /// <summary>Whether the body may name files that the upstream keeps.</summary>
    public readonly bool MayNameFiles => FileReferences > 0 || UnknownParts > 0 || HostedTool is not null;

    /// <summary>The answer is made in the background.</summary>
    public bool IsBackground { get; set; }

    /// <summary>A search of the web is among the tools, whose rounds the API limits.</summary>
    public bool HasSearchTool { get; set; }

    /// <summary>Tools of the client's whose definition the provider adds.</summary>
    public int ProviderDefinitions { get; set; }

    /// <summary>A form of the answer is asked for: some upstreams make a tool of it.</summary>
    public bool HasResponseFormat { get; set; }

    /// <summary>The first tool that runs at the provider, in rounds that the request does not limit.</summary>
    public string? HostedTool { get; private set; }

    /// <summary>Web searches at the provider, where the request limits them.</summary>
    public long LimitedSearches { get; private set; }

    /// <summary>The most that the call uses by the piece, beside images sent and searches.</summary>
    public ItemUsage Items { get; set; }

    /// <summary>How long the sound of a file is, as its container says; null when it does not.</summary>
    public long? AudioMilliseconds { get; set; }

    /// <summary>Sound is asked for as events of a stream, which tell their usage.</summary>
    public bool AsksForEvents { get; set; }

    /// <summary>The size of pictures that is asked for; null: none.</summary>
    public string? ImageSize { get; set; }

    /// <summary>The quality of pictures that is asked for; null: none.</summary>
    public string? ImageQuality { get; set; }

    /// <summary>Previews of each picture in a stream.</summary>
    public int Previews { get; set; }

    /// <summary>The most tokens of the whole answer, where the API itself bounds it; 0: it does not.</summary>
    public long AnswerTokens { get; set; }

    /// <summary>Bytes of <c>prediction</c>.</summary>
    public int PredictionBytes { get; set; }

    /// <summary>
    /// The service tiers that the answer can name. All, unless the request fixes one; a faster or cheaper one may still fall back to the
    /// default.
    /// </summary>
    public ServiceTierSet ServiceTiers { get; set; } = ServiceTierSet.All;

    /// <summary>A voice or format of audio is given.</summary>
    public bool HasAudioOptions { get; set; }

    /// <summary><c>modalities</c> allow audio, or say nothing: a model may then speak by itself.</summary>
    public bool AllowsAudioOutput { get; set; } = true;

    /// <summary><c>modalities</c> allow images, or say nothing.</summary>
    public bool AllowsImageOutput { get; set; } = true;

    /// <summary>The classes beside text and reasoning that the answer can have.</summary>
    public readonly MediaClasses OutputMedia =>
        (HasAudioOptions || AllowsAudioOutput ? MediaClasses.OutputAudio : 0) | (AllowsImageOutput ? MediaClasses.OutputImage : 0);

    /// <summary>Parts whose size in tokens cannot be told from the body.</summary>
    public readonly int OpaqueParts => InlineFiles + FileReferences + InlineAudio + AudioReferences + UnknownParts + StoredContents;

    /// <summary>Notes something within the content that has no rule.</summary>
    public void AddUnknownPart(string place)
    {
        UnknownParts++;
        NameUnbounded(place);
    }

    /// <summary>Remembers the first place of its kind.</summary>
    public void NameUnbounded(string place) => UnboundedPlace ??= place;

    /// <summary>Remembers the first member of its kind, cut: it is the client's text.</summary>
    public void NameUnknownMember(string name, string? reason = null)
    {
        if (UnknownMember is null)
        {
            (UnknownMember, UnknownMemberReason) = (Cut(name), reason);
        }
    }

    /// <summary>Remembers the first tool of its kind, cut: it is the client's text.</summary>
    public void NameHostedTool(string name) => HostedTool ??= Cut(name);

    /// <summary>Adds searches of one tool, as long as all together stay a limit.</summary>
    public void AddLimitedSearches(long searches)
    {
        LimitedSearches += searches;
        if (LimitedSearches > MostSearches)
        {
            LimitedSearches = MostSearches;
            NameHostedTool("web_search");
        }
    }

    /// <summary>A client's name, short enough to be shown back.</summary>
    public static string Cut(string name) => name.Length <= LongestName ? name : name[..LongestName];
}
