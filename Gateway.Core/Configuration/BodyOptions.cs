namespace Gateway.Core.Configuration;

/// <summary>What the body of a call may be.</summary>
public sealed class BodyOptions
{
    /// <summary>The largest request body in bytes; above it the answer is 413.</summary>
    [NumberOption("MAX_BODY_BYTES", 1_024, 1L << 30, "bytes")]
    public long MaxBodyBytes { get; internal set; } = 32 * 1024 * 1024;

    /// <summary>
    /// Bytes of memory that the bodies of one key's calls may take until they have gone upstream; above it the answer is 503. Never less
    /// than one largest body.
    /// </summary>
    [NumberOption("BODY_ROOM_PER_KEY_BYTES", 1_024, 1L << 40, "bytes")]
    public long BodyRoomPerKeyBytes { get; internal set; } = 128L * 1024 * 1024;

    /// <summary>
    /// Bytes of memory that all bodies may take until they have gone upstream; above it the answer is 503. Never less than two largest
    /// bodies.
    /// </summary>
    [NumberOption("BODY_ROOM_BYTES", 2_048, 1L << 40, "bytes")]
    public long BodyRoomBytes { get; internal set; } = 512L * 1024 * 1024;

    /// <summary>The largest file that is sent on to an upstream that keeps it, in bytes; above it the answer is 413.</summary>
    [NumberOption("MAX_FILE_BYTES", 1_024, 1L << 40, "bytes")]
    public long MaxFileBytes { get; internal set; } = 512L * 1024 * 1024;

    /// <summary>How long the upload of a file may take.</summary>
    [SecondsOption("MAX_UPLOAD_SECONDS", 5, 86_400)]
    public TimeSpan MaxUploadTime { get; internal set; } = TimeSpan.FromSeconds(3_600);

    /// <summary>The longest line of a file for a batch, in bytes: each upload takes as much memory.</summary>
    [NumberOption("MAX_BATCH_LINE_BYTES", 1_024, 256 * 1024 * 1024, "bytes")]
    public int MaxBatchLineBytes { get; internal set; } = 4 * 1024 * 1024;

    /// <summary>The most calls of one batch.</summary>
    [NumberOption("MAX_BATCH_LINES", 1, 1_000_000, "lines")]
    public int MaxBatchLines { get; internal set; } = 50_000;

    /// <summary>How long a body may take to come in all; then 408.</summary>
    [SecondsOption("MAX_BODY_SECONDS", 5, 86_400)]
    public TimeSpan MaxBodyTime { get; internal set; } = TimeSpan.FromSeconds(300);

    /// <summary>How slowly a body may come, in bytes per second, in any 5 s; then 408.</summary>
    [NumberOption("MIN_BODY_BYTES_PER_SECOND", 1, 1024 * 1024, "bytes per second")]
    public int MinBodyBytesPerSecond { get; internal set; } = 240;

    /// <summary>The deepest nesting of a JSON request body; above it the answer is 400.</summary>
    [NumberOption("MAX_JSON_DEPTH", 8, 1_000, "levels")]
    public int MaxJsonDepth { get; internal set; } = 128;

    /// <summary>The largest <c>n</c> or <c>best_of</c> of one call.</summary>
    [NumberOption("MAX_CHOICES", 1, 10_000, "choices")]
    public int MaxChoices { get; internal set; } = 128;

    /// <summary>Names of steering members (such as <c>num_retries</c>) that clients may send after all.</summary>
    [ListOption("ALLOWED_STEERING_MEMBERS", "member names, separated by commas")]
    public IReadOnlyList<string> AllowedSteeringMembers { get; internal set; } = [];

    /// <summary>Members of a body that the operator says cannot raise what a call costs: they pass on budgeted calls too.</summary>
    [ListOption("ALLOWED_BODY_MEMBERS", "member names as a refusal gives them, separated by commas")]
    public IReadOnlyList<string> AllowedBodyMembers { get; internal set; } = [];

    /// <summary>
    /// The rounds of searches at the provider that a budgeted call of the Responses API is given where the client sets no
    /// <c>max_tool_calls</c>.
    /// </summary>
    [NumberOption("DEFAULT_MAX_TOOL_CALLS", 1, 1_000, "rounds")]
    public int DefaultMaxToolCalls { get; internal set; } = 8;
}
