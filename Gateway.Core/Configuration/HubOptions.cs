using System.Net;
using Gateway.Core.Pricing;

namespace Gateway.Core.Configuration;

/// <summary>
/// What this process is: read once at start from the section <c>Hub</c> of appsettings.json and from the environment (which wins), checked
/// by <see cref="HubOptionsReader"/>, then never changed. What people decide (tiers, prices, keys) is policy and stands in the database.
/// </summary>
public sealed class HubOptions
{
    /// <summary>The host name or address that the server listens on. <c>0.0.0.0</c> listens on all.</summary>
    public string ServerHost { get; internal set; } = "localhost";

    /// <summary>The TCP port; 0 takes any free one.</summary>
    public int ServerPort { get; internal set; } = 8080;

    /// <summary>
    /// The PEM file of the server's certificate, and of those between it and the root; null: TLS is left to a proxy in front. Read again
    /// when it changes.
    /// </summary>
    public string? TlsCertificate { get; internal set; }

    /// <summary>The PEM file of the certificate's private key, not encrypted.</summary>
    public string? TlsKey { get; internal set; }

    /// <summary>The folder of everything that the process stores: the SQLite file, the journal, later uploads. Made when missing.</summary>
    public string DataDirectory { get; internal set; } = "data";

    /// <summary>Where the database is; null means the SQLite file <c>hub.db</c> in <see cref="DataDirectory"/>.</summary>
    public string? DatabaseUrl { get; internal set; }

    /// <summary>Whether the schema is brought up to date at start. When false, a schema that is behind stops the start.</summary>
    public bool MigrateOnStart { get; internal set; } = true;

    /// <summary>
    /// The upstreams, destinations of one cluster. Empty: the sandbox (see <see cref="Sandbox"/>), or no upstream at all.
    /// </summary>
    public IReadOnlyList<Uri> LiteLlmBaseUrls { get; internal set; } = [];

    /// <summary>The gateway's own credential at the upstream. It replaces the client's, which never leaves the gateway.</summary>
    public string? LiteLlmApiKey { get; internal set; }

    /// <summary>
    /// The time that a management call to LiteLLM may take (not an inference call); null: what admins set, 30 s unless they did.
    /// </summary>
    public TimeSpan? LiteLlmTimeout { get; internal set; }

    /// <summary>
    /// Whether keys made here are also registered at LiteLLM, so that they work there too. Needs a LiteLLM with a database.
    /// </summary>
    public bool MirrorKeys { get; internal set; }

    /// <summary>
    /// Whether calls that went straight to LiteLLM are taken into the ledger, every minute. Needs a LiteLLM with a database.
    /// </summary>
    public bool ImportSpend { get; internal set; }

    /// <summary>Retries that LiteLLM is told to make (<c>x-litellm-num-retries</c>); null leaves it to LiteLLM.</summary>
    public int? LiteLlmNumRetries { get; internal set; }

    /// <summary>How often models and prices are read from the upstream again; zero: only at start and on demand.</summary>
    public TimeSpan ModelSyncInterval { get; internal set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the in-process upstream runs when no <see cref="LiteLlmBaseUrls"/> is set; null: only in Development.</summary>
    public bool? Sandbox { get; internal set; }

    /// <summary>Traffic, management, or both.</summary>
    public HubRole Role { get; internal set; } = HubRole.All;

    /// <summary>The node's name in logs and journal, later in leases; null: host name and port.</summary>
    public string? NodeId { get; internal set; }

    /// <summary>The first admin's email, used once when no admin exists.</summary>
    public string? AdminEmail { get; internal set; }

    /// <summary>The first admin's password, used once when no admin exists.</summary>
    public string? AdminPassword { get; internal set; }

    /// <summary>
    /// The key that signs access tokens (HS256), at least 32 bytes; null only in Development, where each start makes its own.
    /// </summary>
    public string? JwtSecret { get; internal set; }

    /// <summary>How long an access token lives.</summary>
    public TimeSpan AccessTokenLifetime { get; internal set; } = TimeSpan.FromHours(24);

    /// <summary>How long a refresh token lives; it slides with each use.</summary>
    public TimeSpan RefreshTokenLifetime { get; internal set; } = TimeSpan.FromHours(168);

    /// <summary>The key that secret settings are encrypted with (AES-256-GCM), 32 bytes; null: secret settings cannot be written.</summary>
    public byte[]? EncryptionKey { get; internal set; }

    /// <summary>The issuer (OpenID Connect) whose tokens are accepted beside our own; null: the setting <c>oidc_issuer</c>.</summary>
    public string? OidcIssuer { get; internal set; }

    /// <summary>The audiences, separated by commas, of which such a token must name one; null: the setting <c>oidc_audience</c>.</summary>
    public string? OidcAudience { get; internal set; }

    /// <summary>The claim that names the user; null: the setting <c>oidc_claim_user</c>.</summary>
    public string? OidcUserClaim { get; internal set; }

    /// <summary>The claim that names the team; null: the setting <c>oidc_claim_team</c>.</summary>
    public string? OidcTeamClaim { get; internal set; }

    /// <summary>The claim that names the tier; null: the setting <c>oidc_claim_tier</c>.</summary>
    public string? OidcTierClaim { get; internal set; }

    /// <summary>The claim that names the role; null: the setting <c>oidc_claim_role</c>.</summary>
    public string? OidcRoleClaim { get; internal set; }

    /// <summary>Whether an unknown user of the issuer gets an account; null: the setting <c>oidc_create_users</c>.</summary>
    public bool? OidcCreateUsers { get; internal set; }

    /// <summary>How far the issuer's clock may be from ours.</summary>
    public TimeSpan OidcClockSkew { get; internal set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest token of the issuer in bytes; above it the answer is 401.</summary>
    public int OidcMaxTokenBytes { get; internal set; } = 16 * 1024;

    /// <summary>
    /// How often the issuer's keys are fetched again, needed or not: bounds how long a key that it withdrew is still believed.
    /// </summary>
    public TimeSpan OidcKeysRefreshInterval { get; internal set; } = TimeSpan.FromHours(1);

    /// <summary>Between two fetches of the issuer's keys, whatever tokens come.</summary>
    public TimeSpan OidcKeysRetryInterval { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the issuer may take for one answer.</summary>
    public TimeSpan OidcTimeout { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the issuer may be spoken to by http over a network; loopback always may.</summary>
    public bool OidcAllowHttp { get; internal set; }

    /// <summary>
    /// An API key (form <c>sk-hub-...</c>) created for the first admin at the first start, once: for containers and tests.
    /// </summary>
    public string? BootstrapKey { get; internal set; }

    /// <summary>Work factor of password hashes: iterations of PBKDF2-HMAC-SHA512.</summary>
    public int PasswordIterations { get; internal set; } = 210_000;

    /// <summary>
    /// The highest work factor of an imported bcrypt hash that is checked: the work is 2 to this power. Users with a higher one cannot sign
    /// in until an admin sets their password.
    /// </summary>
    public int BcryptMaxCost { get; internal set; } = 14;

    /// <summary>
    /// Origins whose browser pages may call; null: those of local development in Development, else none. <c>*</c>: any, without
    /// credentials.
    /// </summary>
    public IReadOnlyList<string>? CorsOrigins { get; internal set; }

    /// <summary>Networks of proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; internal set; } = [];

    /// <summary>Requests per minute at <c>/api/v1</c> of one address that did not sign in; 0: no limit.</summary>
    public int AnonymousRequestsPerMinute { get; internal set; } = 100;

    /// <summary>Requests per minute at <c>/api/v1</c> of one user; 0: no limit.</summary>
    public int UserRequestsPerMinute { get; internal set; } = 600;

    /// <summary>Registrations, sign-ins and refreshes per minute of one address; 0: no limit, also none of sign-ins per email.</summary>
    public int AuthRequestsPerMinute { get; internal set; } = 20;

    /// <summary>Readings of the public catalogue per minute of one address; 0: no limit.</summary>
    public int CatalogueRequestsPerMinute { get; internal set; } = 3_000;

    /// <summary>
    /// Requests of one address to public lists a minute that ask whether what the client has still holds; those answered 304 do not count
    /// in <see cref="CatalogueRequestsPerMinute"/>. 0: no limit.
    /// </summary>
    public int RevalidationsPerMinute { get; internal set; } = 30_000;

    /// <summary>The folder of uploads; null: <c>uploads</c> in <see cref="DataDirectory"/>.</summary>
    public string? UploadDirectory { get; internal set; }

    /// <summary>The largest file that a user may upload, in bytes; above it the answer is 413.</summary>
    public long MaxUploadBytes { get; internal set; } = 50 * 1024 * 1024;

    /// <summary>
    /// Where the bytes of users' files go: <c>disk</c> or <c>database</c>. Null: on disk beside a database that is a file, else into the
    /// database, where every node finds them.
    /// </summary>
    public string? FilesStore { get; internal set; }

    /// <summary>The most messages that a chat is opened with, the newest ones; pages show all.</summary>
    public int ChatShownMessages { get; internal set; } = 1_000;

    /// <summary>After how much silence a stream of a chat gets a comment, so that nobody on the way takes it for dead.</summary>
    public TimeSpan ChatKeepAlive { get; internal set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often what came so far of a chat's answer is written down, so that it is there when the node dies; zero: never.
    /// </summary>
    public TimeSpan ChatDraftInterval { get; internal set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether <c>/docs</c> and <c>/openapi.json</c> are served.</summary>
    public bool DocsEnabled { get; internal set; } = true;

    /// <summary>The key for the source of exchange rates; null: there are none.</summary>
    public string? ExchangeRateApiKey { get; internal set; }

    /// <summary>The source of exchange rates; the key and <c>/latest/USD</c> go behind.</summary>
    public Uri ExchangeRateBaseUrl { get; internal set; } = new("https://v6.exchangerate-api.com/v6");

    /// <summary>
    /// Whether anybody may register. Null: the setting <c>registration_enabled</c> decides, which starts open in Development and closed
    /// elsewhere.
    /// </summary>
    public bool? RegistrationEnabled { get; internal set; }

    /// <summary>Whether anybody may open a guest account, which lives a day and calls free models.</summary>
    public bool GuestSessions { get; internal set; }

    /// <summary>The largest request body in bytes; above it the answer is 413.</summary>
    public long MaxBodyBytes { get; internal set; } = 32 * 1024 * 1024;

    /// <summary>The deepest nesting of a JSON request body; above it the answer is 400.</summary>
    public int MaxJsonDepth { get; internal set; } = 128;

    /// <summary>The longest URL (path and query) in bytes that is read; above it the answer is 414.</summary>
    public int MaxUrlBytes { get; internal set; } = 8 * 1024;

    /// <summary>The most bytes of request headers; above it the answer is 431.</summary>
    public int MaxHeaderBytes { get; internal set; } = 32 * 1024;

    /// <summary>The largest <c>n</c> or <c>best_of</c> of one call.</summary>
    public int MaxChoices { get; internal set; } = 128;

    /// <summary>
    /// Bytes of memory that the bodies of one key's calls may take until they have gone upstream; above it the answer is 503. Never less
    /// than one largest body.
    /// </summary>
    public long BodyRoomPerKeyBytes { get; internal set; } = 128L * 1024 * 1024;

    /// <summary>
    /// Bytes of memory that all bodies may take until they have gone upstream; above it the answer is 503. Never less than two largest
    /// bodies.
    /// </summary>
    public long BodyRoomBytes { get; internal set; } = 512L * 1024 * 1024;

    /// <summary>How long a body may take to come in all; then 408.</summary>
    public TimeSpan MaxBodyTime { get; internal set; } = TimeSpan.FromSeconds(300);

    /// <summary>How slowly a body may come, in bytes per second, in any 5 s; then 408.</summary>
    public int MinBodyBytesPerSecond { get; internal set; } = 240;

    /// <summary>How slowly a client may read its answer before it is cut off (bytes per second, after 5 s of grace).</summary>
    public int MinAnswerBytesPerSecond { get; internal set; } = 240;

    /// <summary>
    /// Plain answers up to this size are held until they are priced, so that they carry their cost; larger ones stream through.
    /// </summary>
    public int PlainHoldBytes { get; internal set; } = 256 * 1024;

    /// <summary>The largest single server-sent event that is held; a larger one is read while it passes.</summary>
    public int MaxEventBytes { get; internal set; } = 1024 * 1024;

    /// <summary>How long the upstream may take to the first byte of its answer; then 504.</summary>
    public TimeSpan UpstreamFirstByteTimeout { get; internal set; } = TimeSpan.FromSeconds(600);

    /// <summary>How long the upstream may be silent within an answer; then the answer is ended as failed.</summary>
    public TimeSpan UpstreamIdleTimeout { get; internal set; } = TimeSpan.FromSeconds(300);

    /// <summary>A PEM file of authorities whose certificates upstreams may have, beside those that the system trusts; null: none.</summary>
    public string? UpstreamCaFile { get; internal set; }

    /// <summary>How long a TCP connection to the upstream may take.</summary>
    public TimeSpan UpstreamConnectTimeout { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an idle upstream connection is kept. LiteLLM closes after 5 s: stay below.</summary>
    public TimeSpan UpstreamKeepAlive { get; internal set; } = TimeSpan.FromSeconds(4);

    /// <summary>Between two active health probes of a destination (only with several destinations).</summary>
    public TimeSpan UpstreamProbeInterval { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>What happens upstream when the client leaves.</summary>
    public DisconnectPolicy OnDisconnect { get; internal set; } = DisconnectPolicy.Auto;

    /// <summary>How long a call whose client left is read on.</summary>
    public TimeSpan DrainTimeout { get; internal set; } = TimeSpan.FromSeconds(120);

    /// <summary>How many bytes of a call whose client left are read.</summary>
    public long DrainBytes { get; internal set; } = 8 * 1024 * 1024;

    /// <summary>How long a running call may still take when the process stops.</summary>
    public TimeSpan ShutdownTimeout { get; internal set; } = TimeSpan.FromSeconds(30);

    /// <summary>Names of steering members (such as <c>num_retries</c>) that clients may send after all.</summary>
    public IReadOnlyList<string> AllowedSteeringMembers { get; internal set; } = [];

    /// <summary>Members of a body that the operator says cannot raise what a call costs: they pass on budgeted calls too.</summary>
    public IReadOnlyList<string> AllowedBodyMembers { get; internal set; } = [];

    /// <summary>Values of <c>anthropic-beta</c> and <c>openai-beta</c> that go upstream; others are taken out.</summary>
    public IReadOnlyList<string> AllowedBetaHeaders { get; internal set; } = [];

    /// <summary>Whether calls are paid from a balance or counted only, where neither user nor tier says so.</summary>
    public BillingMode BillingMode { get; internal set; } = BillingMode.Postpaid;

    /// <summary>
    /// The monthly budget of users for whom no admin made one; zero: none; null: the setting <c>default_monthly_budget</c>.
    /// </summary>
    public Money? DefaultMonthlyBudget { get; internal set; }

    /// <summary>How the prompt of a call is held on a budget.</summary>
    public HoldInput HoldInput { get; internal set; } = HoldInput.Strict;

    /// <summary>Whether a call without a maximum is given one that the money covers, when it is short; else it is refused.</summary>
    public bool ClampOutput { get; internal set; } = true;

    /// <summary>
    /// Answer tokens per choice of a budgeted call without a maximum, where neither model nor tier has one; null: the setting
    /// <c>default_max_output_tokens</c>.
    /// </summary>
    public long? DefaultMaxOutputTokens { get; internal set; }

    /// <summary>Bytes of a prompt's text to a token, as windows of tokens take them until a model's calls have shown it.</summary>
    public int TypicalBytesPerToken { get; internal set; } = 4;

    /// <summary>Tokens of an image, a file or a recording, as windows of tokens take them until a model's calls have shown it.</summary>
    public int TypicalMediaTokens { get; internal set; } = 1_000;

    /// <summary>
    /// Tokens of an answer for which the client set no maximum, as windows of tokens take them until a model's calls have shown it.
    /// </summary>
    public int TypicalAnswerTokens { get; internal set; } = 500;

    /// <summary>
    /// Tokens of a prompt, or of one choice of an answer, above which a reported usage cannot be, where the model's own limit is not known.
    /// </summary>
    public long MaxPlausibleTokens { get; internal set; } = 10_000_000;

    /// <summary>Pieces (searches, images, pages) or seconds of one call above which a reported usage cannot be.</summary>
    public long MaxPlausibleItems { get; internal set; } = 100_000;

    /// <summary>How long health checks and callers that are not known yet wait for the database before it counts as away.</summary>
    public TimeSpan DatabaseWait { get; internal set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long one statement of a management request may take, waits for locks included, before the request is answered with 503; whole
    /// seconds.
    /// </summary>
    public TimeSpan AdminDatabaseWait { get; internal set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether <c>x-litellm-*</c> headers of the upstream reach the client.</summary>
    public bool ForwardLiteLlmHeaders { get; internal set; }

    /// <summary>How long a caller who does not call stays in memory.</summary>
    public TimeSpan CallerIdleTime { get; internal set; } = TimeSpan.FromMinutes(5);

    /// <summary>The process gives memory back to the system after such a time in which it did next to nothing; zero: never.</summary>
    public TimeSpan QuietTime { get; internal set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most callers (keys, users, access tokens) that are kept in memory, each.</summary>
    public int CallerCacheSize { get; internal set; } = 10_000;

    /// <summary>How long an unknown key is remembered as unknown.</summary>
    public TimeSpan UnknownKeyCacheTime { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often changes made by other nodes are looked for. Bounds how long a revoked key still works there.</summary>
    public TimeSpan ChangePollInterval { get; internal set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Bytes of one segment of the journal, some 18,000 calls by default. Two are on the disk at least; the first is made at start, before
    /// calls are taken.
    /// </summary>
    public int JournalSegmentBytes { get; internal set; } = 16 * 1024 * 1024;

    /// <summary>Between two syncs of the journal to disk; zero: an answer ends only when its record is on the disk.</summary>
    public TimeSpan JournalSyncInterval { get; internal set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What calls are charged that were in flight when the process died.</summary>
    public CrashSettle CrashSettle { get; internal set; } = CrashSettle.Bound;

    /// <summary>The most settled calls that wait for the database; then answers wait for a place.</summary>
    public int UsageQueueSize { get; internal set; } = 65_536;

    /// <summary>Bytes of a prompt, and of an answer, that are kept while an admin wants them kept; the rest is cut off.</summary>
    public int ContentBytes { get; internal set; } = 262_144;

    /// <summary>Kept prompts and answers that may wait for the database; further ones are left out.</summary>
    public int ContentQueueSize { get; internal set; } = 1_000;

    /// <summary>The most settled calls in one database transaction.</summary>
    public int UsageBatchSize { get; internal set; } = 1_000;

    /// <summary>
    /// How long rows of the ledger are kept, in whole days; the sums stay. Zero: for ever; null: what admins set, 400 days unless they did.
    /// </summary>
    public TimeSpan? UsageRetention { get; internal set; }

    /// <summary>The bearer token that <c>/metrics</c> asks for; null: it is open.</summary>
    public string? MetricsToken { get; internal set; }

    /// <summary>The share of calls that are traced, 0 to 1, when an OTLP endpoint is set.</summary>
    public double TraceSampleRatio { get; internal set; } = 0.01;

    /// <summary>
    /// Whether a call is also traced because its client's <c>traceparent</c> says so. Only for clients that are trusted: they decide what
    /// tracing costs.
    /// </summary>
    public bool TraceFollowClients { get; internal set; }

    /// <summary>The most rows that one page of a list shows at <c>/api/v1</c>, whatever <c>limit</c> asks for.</summary>
    public int MaxPageSize { get; internal set; } = 200;

    /// <summary>The JSON body limit of <c>/api/v1</c> in bytes.</summary>
    public long MaxAdminBodyBytes { get; internal set; } = 1024 * 1024;

    /// <summary>How often an event is sent to the webhook at most, the first time included; then it is given up.</summary>
    public int WebhookAttempts { get; internal set; } = 12;

    /// <summary>How long the webhook's receiver may take for one delivery.</summary>
    public TimeSpan WebhookTimeout { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait before the second attempt; it doubles with each further one, up to an hour, give or take half.</summary>
    public TimeSpan WebhookRetryDelay { get; internal set; } = TimeSpan.FromSeconds(5);

    /// <summary>Deliveries under way at once on one node.</summary>
    public int WebhookParallelism { get; internal set; } = 4;

    /// <summary>How often events to be sent are looked for.</summary>
    public TimeSpan WebhookPollInterval { get; internal set; } = TimeSpan.FromSeconds(1);

    /// <summary>The node's name: <see cref="NodeId"/>, or what stands in for it.</summary>
    public string GetNodeName() => NodeId ?? $"{Environment.MachineName}:{ServerPort}";
}
