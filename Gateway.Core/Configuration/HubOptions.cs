namespace Gateway.Core.Configuration;

/// <summary>
/// What this process is: read once at start from the section <c>Hub</c> of appsettings.json and from the environment (which wins), checked
/// by <see cref="HubOptionsReader"/>, then never changed. What people decide (tiers, prices, keys) is policy and stands in the database.
/// Each feature has a class of its own here and in the container: who needs an option takes the class that it stands in.
/// </summary>
public sealed class HubOptions
{
    /// <summary>What this node is, where it listens and where it stores.</summary>
    public ServerOptions Server { get; } = new();

    /// <summary>Where the database is and how long it is waited for.</summary>
    public DatabaseOptions Database { get; } = new();

    /// <summary>Where calls go, and how long they may take there.</summary>
    public UpstreamOptions Upstream { get; } = new();

    /// <summary>How answers go back to clients, and what happens when a client leaves.</summary>
    public AnswerOptions Answer { get; } = new();

    /// <summary>How long realtime sessions may last.</summary>
    public RealtimeOptions Realtime { get; } = new();

    /// <summary>How LiteLLM is managed.</summary>
    public LiteLlmOptions LiteLlm { get; } = new();

    /// <summary>What the body of a call may be.</summary>
    public BodyOptions Body { get; } = new();

    /// <summary>How long callers stay in memory.</summary>
    public CallerOptions Caller { get; } = new();

    /// <summary>How money is held, and what is assumed of calls that nobody has seen yet.</summary>
    public BudgetOptions Budget { get; } = new();

    /// <summary>How calls are written down: the journal, the queue to the database, kept prompts and answers, retention.</summary>
    public LedgerOptions Ledger { get; } = new();

    /// <summary>What clients may say of a call, so that usage can be told apart by it: its end user and its tags.</summary>
    public AttributionOptions Attribution { get; } = new();

    /// <summary>The issuer (OpenID Connect) whose tokens are accepted beside our own.</summary>
    public IssuerOptions Issuer { get; } = new();

    /// <summary>The tokens of our own.</summary>
    public TokenOptions Token { get; } = new();

    /// <summary>Who gets an account, and how passwords are kept.</summary>
    public AccountOptions Account { get; } = new();

    /// <summary>The management API.</summary>
    public AdminApiOptions AdminApi { get; } = new();

    /// <summary>Chats and the files of their users.</summary>
    public ChatOptions Chat { get; } = new();

    /// <summary>How events are sent to the webhook.</summary>
    public WebhookOptions Webhook { get; } = new();

    /// <summary>What is measured and traced.</summary>
    public TelemetryOptions Telemetry { get; } = new();

    /// <summary>The features' classes.</summary>
    internal IEnumerable<object> Features => typeof(HubOptions).GetProperties().Select(p => p.GetValue(this)!);
}
