using Gateway.Sandbox.Catalogue;
using Gateway.Sandbox.Ledger;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Schemas;

namespace Gateway.Sandbox.Inference;

/// <summary>One call on its way: what was asked, who answers, and how much the answer will be.</summary>
internal sealed class InferenceCall
{
    public InferenceCall(
        HttpContext http,
        InferenceApi api,
        InferenceRequest request,
        Deployment deployment,
        SandboxLedgerEntry entry,
        long startedAt
    )
    {
        Http = http;
        Api = api;
        Request = request;
        Deployment = deployment;
        Entry = entry;
        StartedAt = startedAt;
        RequestId = NewId();
        Script = UsesTools ? ToolScript() : TextScript();

        // Hidden reasoning is spent first; what is left of the maximum is for the pieces.
        var maximum = Scenario.IgnoresMaximum ? int.MaxValue : request.Maximum ?? int.MaxValue;
        Hidden = Math.Min(Scenario.HiddenReasoning, maximum);
        Pieces = api.AnswersWithThings() || Scenario.Fault == Fault.Empty ? 0 : Math.Min(Script.Length, maximum - Hidden);
        IsCut = (long)Scenario.HiddenReasoning + Script.Length > maximum;
    }

    public HttpContext Http { get; }

    public InferenceApi Api { get; }

    public InferenceRequest Request { get; }

    public Deployment Deployment { get; }

    public SandboxLedgerEntry Entry { get; }

    /// <summary>A time stamp of the sandbox's clock.</summary>
    public long StartedAt { get; }

    public Scenario Scenario => Deployment.Scenario;

    public string CallId => Entry.CallId;

    public string RequestId { get; private set; }

    public long Created => Entry.StartedAt.ToUnixTimeSeconds();

    public AnswerScript Script { get; }

    /// <summary>Reasoning tokens per choice that are not shown.</summary>
    public int Hidden { get; }

    /// <summary>Pieces per choice.</summary>
    public int Pieces { get; }

    /// <summary>Whether the maximum cut the answer short.</summary>
    public bool IsCut { get; }

    public bool UsesTools =>
        Api is InferenceApi.Chat or InferenceApi.Messages or InferenceApi.Responses
        && Request is { HasTools: true, ToolsAreOff: false, EndsWithToolResult: false }
        && (Scenario.CallsTools || Request.ToolRequired);

    /// <summary>The function that is called.</summary>
    public string ToolName => Request.Tool?.Name ?? "get_weather";

    public bool IsStreamed => Request.Stream && !Api.AnswersWithThings();

    public ReadOnlySpan<byte> FinishReason =>
        IsCut ? "length"u8
        : UsesTools ? "tool_calls"u8
        : "stop"u8;

    public Piece PieceAt(int index) => Script.At(index);

    public bool IsLast(int index) => index == Pieces - 1;

    /// <summary>Tokens of the whole answer.</summary>
    public SandboxUsage WholeUsage()
    {
        if (Api.CountsTokens() || Api == InferenceApi.Moderations)
        {
            return default; // free, or never told
        }
        if (Api == InferenceApi.Rerank)
        {
            return new SandboxUsage(0, 0) { SearchUnits = (Request.Inputs + 99) / 100 };
        }
        if (Api >= InferenceApi.Images)
        {
            return UsageOfThings();
        }
        if (Scenario.FixedUsage is { } usage)
        {
            return Api == InferenceApi.Embeddings ? new SandboxUsage(usage.PromptTokens, 0) : usage;
        }
        if (Api == InferenceApi.Embeddings)
        {
            return new SandboxUsage(Request.PromptTokens, 0);
        }
        var shown = 0;
        for (var i = 0; i < Pieces && ReferenceEquals(Script, AnswerScript.Reasoned); i++)
        {
            shown += PieceAt(i).Kind == PieceKind.Reasoning ? 1 : 0;
        }
        return UsageOf(Pieces * Request.Choices, shown * Request.Choices);
    }

    // Tokens where the model has a price of them, else pieces.
    private SandboxUsage UsageOfThings()
    {
        const int TokensPerImage = 1_056;
        const int BytesPerSecond = 8_000;
        var seconds = Math.Ceiling(Request.SoundBytes / (double)BytesPerSecond);
        var prices = Deployment.Prices;
        if (Api.MakesImages())
        {
            return prices.Piece is not null
                ? new SandboxUsage(0, 0) { ImagesMade = Request.Choices }
                : new SandboxUsage(Request.PromptTokens, TokensPerImage * Request.Choices);
        }
        if (Api == InferenceApi.Speech)
        {
            return prices.Character is not null
                ? new SandboxUsage(0, 0) { Characters = Request.Characters }
                : new SandboxUsage(Request.PromptTokens, 10 * Pieces);
        }
        var heard = (int)seconds * 10;
        return prices.Second is not null
            ? new SandboxUsage(0, 0) { Seconds = seconds }
            : new SandboxUsage(heard + 2, Pieces) { AudioInputTokens = heard };
    }

    /// <summary>Tokens of an answer that ended after so many pieces, over all choices.</summary>
    public SandboxUsage UsageOf(int pieces, int reasoningPieces) =>
        Accounting.Usage(Scenario, Request.PromptTokens, (Hidden * Request.Choices) + pieces, (Hidden * Request.Choices) + reasoningPieces);

    /// <summary>The provider gave no id, so LiteLLM makes one up again.</summary>
    public void RenewId() => RequestId = NewId();

    // Arguments that the function takes: those of the recordings where they fit.
    private AnswerScript ToolScript() =>
        Request.Tool is { TakesRecordedArguments: false } tool && SchemaSample.Of(tool.Parameters) is { } arguments
            ? AnswerScript.OfArguments(arguments)
            : AnswerScript.ToolCall;

    // A scenario with an answer of its own keeps it.
    private AnswerScript TextScript() =>
        Api is not (InferenceApi.Chat or InferenceApi.Responses) || !ReferenceEquals(Scenario.Answer, AnswerScript.Greeting)
            ? Scenario.Answer
        : Request.Schema is { } schema && SchemaSample.Of(schema) is { } json ? AnswerScript.OfJson(json)
        : Request.AsksForJson ? AnswerScript.JsonGreeting
        : Scenario.Answer;

    private string NewId() =>
        Api switch
        {
            InferenceApi.Completions => "cmpl-",
            InferenceApi.Messages => "msg_",
            InferenceApi.Responses => "resp_",
            InferenceApi.Moderations => "modr-",
            InferenceApi.Rerank => "rerank-",
            _ => "chatcmpl-",
        } + Guid.CreateVersion7().ToString("N");
}
