namespace Gateway.Calls;

/// <summary>Every no that the gateway itself can say on <c>/v1</c>, in the words of OpenAI's API where it has them.</summary>
internal static class Refusals
{
    private const string InvalidRequest = "invalid_request_error";
    private const string Permission = "permission_error";
    private const string ServerError = "server_error";

    public static readonly Refusal NoKey = new(
        401,
        InvalidRequest,
        "missing_api_key",
        "No API key was given. Send it as 'Authorization: Bearer sk-hub-...', 'x-api-key' or 'api-key'."
    );

    /// <summary>A header of the gateway's own says what cannot be taken.</summary>
    public static Refusal InvalidHeader(string name, string fault) =>
        new(400, InvalidRequest, "invalid_header", $"The header '{name}' {fault}.", name);

    public static readonly Refusal MalformedKey = new(
        401,
        InvalidRequest,
        "invalid_api_key",
        "The API key has the wrong form. Keys look like sk-hub-<16 characters>-<43 characters>; check that it was copied whole."
    );

    public static readonly Refusal NotAKey = new(
        401,
        InvalidRequest,
        "invalid_api_key",
        "That is no API key of this gateway. Its keys begin with sk-hub-; create one, and give it to your client in place of what it "
            + "sends now."
    );

    public static readonly Refusal BearerTwice = new(
        401,
        InvalidRequest,
        "invalid_api_key",
        "The word 'Bearer' stands in front of the key once too often. Give your client the key alone, sk-hub-...; it puts the word "
            + "in itself."
    );

    public static readonly Refusal QuotedKey = new(
        401,
        InvalidRequest,
        "invalid_api_key",
        "The API key stands in quotation marks or brackets. Send it without them."
    );

    public static readonly Refusal EmptyBearer = new(
        401,
        InvalidRequest,
        "missing_api_key",
        "The Authorization header has nothing after 'Bearer'. Is the variable with the API key set?"
    );

    public static readonly Refusal NoScheme = new(
        401,
        InvalidRequest,
        "invalid_api_key",
        "The Authorization header has no 'Bearer ' in front of the credential. Send it as 'Authorization: Bearer sk-hub-...'."
    );

    public static readonly Refusal UnknownKey = new(
        401,
        InvalidRequest,
        "invalid_api_key",
        "Incorrect API key provided. Check that it belongs to this gateway."
    );

    public static readonly Refusal RevokedKey = new(401, InvalidRequest, "api_key_revoked", "The API key was revoked. Create another one.");

    public static readonly Refusal ExpiredKey = new(401, InvalidRequest, "api_key_expired", "The API key has expired. Create another one.");

    public static readonly Refusal InvalidToken = new(
        401,
        InvalidRequest,
        "invalid_token",
        "The access token is not valid, has expired or was revoked. Sign in again."
    );

    public static readonly Refusal IssuerUnavailable = new(
        503,
        ServerError,
        "issuer_unavailable",
        "The identity provider's signing keys are currently unavailable. Try again in a moment."
    );

    public static readonly Refusal NoAccount = new(
        403,
        Permission,
        "no_account",
        "The token is good, but there is no account here for its user. Ask an administrator for one."
    );

    public static readonly Refusal AddressNotAllowed = new(
        403,
        Permission,
        "ip_not_allowed",
        "This API key may not be used from your network address. Its owner can change its allowed_ips."
    );

    public static readonly Refusal SeveralCredentials = new(
        400,
        InvalidRequest,
        "several_credentials",
        "Different credentials were given in several headers. Send one."
    );

    public static readonly Refusal AccountInactive = new(403, Permission, "account_inactive", "User account is inactive.");

    public static readonly Refusal ApprovalRequired = new(
        403,
        Permission,
        "approval_required",
        "The account waits for an administrator's approval."
    );

    public static readonly Refusal UpstreamNotConfigured = new(
        503,
        ServerError,
        "litellm_not_configured",
        "No upstream is configured. Set LITELLM_BASE_URL and LITELLM_API_KEY, or the key of a provider such as OPENAI_API_KEY, or "
            + "SANDBOX=true."
    );

    public static readonly Refusal NotReady = new(503, ServerError, "not_ready", "The gateway is starting. Try again in a moment.");

    public static readonly Refusal StoreUnavailable = new(
        503,
        ServerError,
        "quota_store_unavailable",
        "The database cannot be reached and this caller is not known yet. Try again in a moment."
    );

    public static readonly Refusal DatabaseGone = new(
        503,
        ServerError,
        "quota_store_unavailable",
        "The gateway's database is missing, so that no call can be charged. The gateway's operator must put it back and start the "
            + "gateway again."
    );

    public static readonly Refusal JournalFull = new(
        503,
        ServerError,
        "journal_full",
        "The gateway has no room to write down what this call may cost. The gateway's operator must free disk space. Try again in a moment."
    );

    public static readonly Refusal UpstreamUnreachable = new(
        502,
        ServerError,
        "upstream_unreachable",
        "The upstream could not be reached."
    );

    public static readonly Refusal UpstreamTimeout = new(504, ServerError, "upstream_timeout", "The upstream did not answer in time.");

    public static readonly Refusal UpstreamInvalid = new(
        502,
        ServerError,
        "upstream_invalid_response",
        "The upstream's answer could not be read."
    );

    public static readonly Refusal UpstreamTruncated = new(
        502,
        ServerError,
        "upstream_truncated",
        "The upstream ended before its answer did."
    );

    public static readonly Refusal UpstreamRefused = new(
        502,
        ServerError,
        "upstream_refused",
        "The upstream refused the gateway's own credential or budget. The gateway's operator must fix this."
    );

    public static readonly Refusal Internal = new(500, ServerError, "internal_error", "Internal server error.");

    public static readonly Refusal SlowBody = new(408, InvalidRequest, "request_timeout", "The request body came too slowly.");

    public static readonly Refusal NoRoomForBody = new(
        503,
        ServerError,
        "body_room_used_up",
        "Too many request bodies of this key, or of all callers, are in memory at once. Try again in a moment, with fewer or smaller "
            + "calls at a time."
    )
    {
        RetryAfterSeconds = 1,
    };

    public static readonly Refusal EmptyBody = new(400, InvalidRequest, "empty_body", "The request body is empty. Send a JSON object.");

    public static readonly Refusal EmptyBatch = new(
        400,
        InvalidRequest,
        "empty_file",
        "The file has no calls. A file for a batch has one on each line, an object with custom_id, method, url and body.",
        "file"
    );

    public static readonly Refusal UpgradeRequired = new(
        426,
        InvalidRequest,
        "upgrade_required",
        "Realtime sessions are WebSockets. Open wss://.../v1/realtime?model=... over HTTP/1.1, with 'Upgrade: websocket'."
    );

    public static readonly Refusal BudgetWithinSession = new(
        400,
        InvalidRequest,
        "unbounded_request",
        "A budget or a prepaid balance holds since the session began, and its responses are not held there. Open another session."
    );

    public static readonly Refusal NodeStopping = new(
        503,
        ServerError,
        "not_ready",
        "The gateway stops. Open the session again in a moment."
    );

    public static readonly Refusal ClientTooSlow = new(
        408,
        InvalidRequest,
        "request_timeout",
        "The session's events were not read in time. Read them as they come."
    );

    public static readonly Refusal HeadersTooLarge = new(431, InvalidRequest, "headers_too_large", "The request headers are too large.");

    public static Refusal UnknownGroup(string reason) => new(403, Permission, "unknown_group", reason + " Ask an administrator.");

    public static Refusal UnknownUrl(string method, string path) =>
        new(
            404,
            InvalidRequest,
            "unknown_url",
            $"Unknown request URL: {ShownText.Cut(method)} {ShownText.Cut(path)}. Check the URL for typos."
        );

    public static Refusal NotAvailable(string why) => new(404, InvalidRequest, "not_available", why);

    public static Refusal MethodNotAllowed(string method, string allow) =>
        new(405, InvalidRequest, "method_not_allowed", $"Not allowed to {ShownText.Cut(method)} here. Use {allow}.") { Allow = allow };

    public static Refusal MediaType(string? given, string wanted) =>
        new(
            415,
            InvalidRequest,
            "unsupported_media_type",
            $"The content type {Quote(given)} is not supported. Send {wanted}.",
            "content-type"
        );

    public static Refusal ContentEncoding(string given) =>
        new(
            415,
            InvalidRequest,
            "unsupported_content_encoding",
            $"The content encoding {Quote(given)} is not supported. Send the body uncompressed.",
            "content-encoding"
        );

    public static Refusal BodyTooLarge(long limit) =>
        new(413, InvalidRequest, "payload_too_large", $"The request body is larger than {limit} bytes.");

    public static Refusal UrlTooLong(int limit) => new(414, InvalidRequest, "uri_too_long", $"The URL is longer than {limit} bytes.");

    public static Refusal InvalidJson(long line, long position) =>
        new(400, InvalidRequest, "invalid_json", $"The request body is not valid JSON: line {line}, byte {position}.");

    public static Refusal InvalidForm(string why) =>
        new(400, InvalidRequest, "invalid_form", $"The request body is not a form that can be read: {why}.");

    public static Refusal NotAnObject() => new(400, InvalidRequest, "invalid_json", "The request body must be a JSON object.");

    public static Refusal DuplicateMember(string name) =>
        new(400, InvalidRequest, "duplicate_member", $"The member '{name}' is given twice. Send it once.", name);

    public static Refusal TwoMaxima() =>
        new(
            400,
            InvalidRequest,
            "conflicting_maximum",
            "'max_tokens' and 'max_completion_tokens' are both given and differ. Send one.",
            "max_completion_tokens"
        );

    public static Refusal SteeringMember(string name) =>
        new(
            400,
            InvalidRequest,
            "unsupported_member",
            $"The member {Quote(name)} would steer the upstream past this gateway's limits and is not allowed here. Take it out; the "
                + "operator can allow it by ALLOWED_STEERING_MEMBERS.",
            name
        );

    public static Refusal InvalidMember(string name, string expected) =>
        new(400, InvalidRequest, "invalid_value", $"Invalid value for '{name}': expected {expected}.", name);

    public static Refusal MissingModel() => new(400, InvalidRequest, "missing_model", "You must provide a model parameter.", "model");

    public static Refusal ModelNotFound(string name) =>
        new(
            404,
            InvalidRequest,
            "model_not_found",
            $"The model {Quote(name, '`')} does not exist or you do not have access to it.",
            "model"
        );

    public static Refusal NoUpstream(string model) =>
        new(
            503,
            ServerError,
            "upstream_not_available",
            $"No upstream that is in use has the model {Quote(model, '`')}. The gateway's operator must enable one, or list the model at "
                + "one."
        );

    public static Refusal ApiNotServed(string model, string path) =>
        new(
            400,
            InvalidRequest,
            "unsupported_api",
            $"The provider of the model {Quote(model, '`')} has no /v1{path}. Call the model by another API, /v1/chat/completions for "
                + "most, or use another model.",
            "model"
        );

    public static Refusal ModelDisabled(string name) =>
        new(403, Permission, "model_disabled", $"The model {Quote(name, '`')} is disabled.", "model");

    public static Refusal ModelNotAllowed(string name) =>
        new(403, Permission, "model_not_allowed", $"This API key may not use the model {Quote(name, '`')}.", "model");

    public static Refusal ModelNotInTier(string name) =>
        new(
            403,
            Permission,
            "model_not_allowed",
            $"Your tier does not include the model {Quote(name, '`')}. Use another model; an administrator can give the tier a rate "
                + "limit for it.",
            "model"
        );

    public static Refusal PriceUnknown(string model) =>
        new(
            400,
            InvalidRequest,
            "price_unknown",
            $"The price of the model {Quote(model, '`')} is not known, and this call counts against a budget. Use a model with a "
                + "price; the operator can set one, or mark the model as free.",
            "model"
        );

    public static Refusal ItemPriceUnbounded(string model, string item) =>
        new(
            400,
            InvalidRequest,
            "unbounded_request",
            $"The model {Quote(model, '`')} prices {item}, which cannot be counted before the call, and this call counts against a "
                + "budget. Send the content as text, or use another model.",
            "model"
        );

    public static Refusal UnknownMember(string name, string? reason) =>
        new(
            400,
            InvalidRequest,
            "unbounded_request",
            $"The member {Quote(name)} {reason ?? "has no known bound on what it can cost"}, and this call counts against a budget. "
                + "Take it out; the operator can allow it with ALLOWED_BODY_MEMBERS.",
            name
        );

    public static Refusal UnboundedContent(string place) =>
        new(
            400,
            InvalidRequest,
            "unbounded_request",
            $"The size of {Quote(place)} in tokens cannot be told from the request, the model's longest prompt is not known, and this "
                + "call counts against a budget. Send the content as text; the operator can set the model's max_input_tokens, or allow "
                + "a member with "
                + "ALLOWED_BODY_MEMBERS.",
            place
        );

    public static Refusal UnboundedAnswer(string member) =>
        new(
            400,
            InvalidRequest,
            "unbounded_request",
            $"The longest answer of this model is not known, and this call counts against a budget. Set '{member}'; the operator can "
                + "set the model's max_output_tokens, or the setting default_max_output_tokens.",
            member
        );

    public static Refusal UnboundedLength(string model) =>
        new(
            400,
            InvalidRequest,
            "unbounded_request",
            $"The longest answer of the model {Quote(model, '`')} is not known, and this call counts against a budget. Use another model, "
                + "or ask for a size and quality that are known; the operator can set the model's max_output_tokens.",
            "model"
        );

    public static Refusal SpeechWithoutUsage(string model) =>
        new(
            400,
            InvalidRequest,
            "unbounded_request",
            $"The model {Quote(model, '`')} is priced by the token, sound alone does not tell its tokens, and this call counts against a "
                + "budget. Set 'stream_format' to 'sse', or use a model that is priced by the character.",
            "stream_format"
        );

    public static Refusal UnboundedReasoning(string model) =>
        new(
            400,
            InvalidRequest,
            "unbounded_request",
            $"The model {Quote(model, '`')} reasons beside the maximum of a call, its own maximum is not known, and this call counts "
                + "against a budget. Use another model; the operator can set its max_output_tokens.",
            "model"
        );

    public static Refusal ResponseNotFound(string id) =>
        new(
            404,
            InvalidRequest,
            "response_not_found",
            $"Response with id {Quote(id)} not found. A response can be read and continued by the user whose call made it.",
            "response_id"
        );

    public static Refusal KeptNotFound(string kind, string id) =>
        new(
            404,
            InvalidRequest,
            $"{kind}_not_found",
            $"No {kind} with id {Quote(id)} was found. A {kind} can be used by the user who made it through this gateway.",
            $"{kind}_id"
        );

    public static Refusal TooManyFiles(int most) =>
        new(400, InvalidRequest, "invalid_value", $"More than {most} different files are named. Name fewer of them at once.", "file_id");

    public static Refusal NotKept(string what) =>
        new(
            404,
            InvalidRequest,
            "not_available",
            $"No upstream of this gateway keeps {what}: OpenAI and compatible servers do, LiteLLM does not. The gateway's operator can "
                + "add such an upstream."
        );

    public static Refusal KeeperGone(string kind, string upstream) =>
        new(
            503,
            ServerError,
            "upstream_not_available",
            $"The upstream {Quote(upstream)} that keeps this {kind} is not in use. The gateway's operator must enable it."
        );

    public static Refusal BatchTooLong(int most) =>
        new(
            400,
            InvalidRequest,
            "too_many_lines",
            $"A file for a batch may have {most} calls. Send the others in another file; the operator can raise MAX_BATCH_LINES.",
            "file"
        );

    public static Refusal NoBatches(string model) =>
        new(
            400,
            InvalidRequest,
            "unsupported_api",
            $"The model {Quote(model, '`')} stands at no upstream that takes batches: OpenAI and compatible servers do. Send the calls one "
                + "by one.",
            "model"
        );

    public static Refusal NotInBatch(string member) =>
        new(
            400,
            InvalidRequest,
            "unsupported_value",
            $"'{member}' cannot be used in a batch through this gateway. Take it out, or send the call by itself.",
            member
        );

    public static Refusal InvalidEvent(string why) =>
        new(400, InvalidRequest, "invalid_event", $"The event cannot be read: {why}. It was not sent on.");

    public static Refusal EventTooLarge(int most) =>
        new(
            413,
            InvalidRequest,
            "event_too_large",
            $"An event of a realtime session may have {most} bytes. Send sound in shorter pieces; the operator can raise MAX_EVENT_BYTES."
        );

    public static Refusal NotInRealtime(string what) =>
        new(
            400,
            InvalidRequest,
            "unsupported_value",
            $"'{what}' cannot be used in a realtime session through this gateway. Take it out.",
            what
        );

    public static Refusal UnboundedSession(string model) =>
        new(
            400,
            InvalidRequest,
            "unbounded_request",
            $"The longest prompt and answer of the model {Quote(model, '`')} are not known, and the session counts against a budget or a "
                + "prepaid balance. Use another model, or /v1/audio; the operator can set its max_input_tokens and max_output_tokens.",
            "model"
        );

    public static Refusal NotInHeldSession(string what) =>
        new(
            400,
            InvalidRequest,
            "unbounded_request",
            $"{Quote(what)} cannot be used in a session that counts against a budget or a prepaid balance: what it leads to cannot be held "
                + "before it begins. Take it out; with turn_detection, set create_response to false and send response.create.",
            what
        );

    public static Refusal OtherRealtimeModel(string model) =>
        new(
            400,
            InvalidRequest,
            "unsupported_value",
            $"The session's model is {Quote(model, '`')}, that of its URL, and stays so. Open another session for another model.",
            "session.model"
        );

    public static Refusal SessionOver(string why, string option, long seconds) =>
        new(
            408,
            InvalidRequest,
            "session_expired",
            $"The session {why} of {seconds} seconds. Open another one; the operator can raise {option}."
        );

    public static Refusal UnboundedBatch(string why) =>
        new(400, InvalidRequest, "unbounded_request", $"The batch counts against a budget. {why}", "input_file_id");

    public static Refusal BatchPricesChanged(string id) =>
        new(
            409,
            InvalidRequest,
            "prices_changed",
            $"The model's prices have changed since the file {Quote(id)} was uploaded, and with them what the batch can cost. Upload "
                + "the file again.",
            "input_file_id"
        );

    public static Refusal FileInUse(string id) =>
        new(
            409,
            InvalidRequest,
            "file_in_use",
            $"The file {Quote(id)} tells what its batch used, and the batch is not charged yet. Delete it when the batch has ended, in a "
                + "minute at most.",
            "file_id"
        );

    public static Refusal BackgroundStream() =>
        new(
            400,
            InvalidRequest,
            "unsupported_value",
            "An answer in the background cannot be streamed through this gateway: who leaves the stream would not be charged. Take "
                + "'stream' out and ask for the response by its id, or take 'background' out.",
            "background"
        );

    public static Refusal ResponseRunning(string id) =>
        new(
            409,
            InvalidRequest,
            "response_in_progress",
            $"Response {Quote(id)} is still being made, so that nobody knows yet what it costs. Cancel it, or wait for its end, and "
                + "delete it then.",
            "response_id"
        );

    public static Refusal HostedTool(string name) =>
        new(
            400,
            InvalidRequest,
            "hosted_tool_not_allowed",
            $"The tool {Quote(name)} runs at the provider without a limit on its rounds or without a known fee, and this call counts "
                + "against a budget. Take it out, or use a web search with 'max_uses' on a model whose searches have a price.",
            "tools"
        );

    // What a client sent is shown back short, so that an answer never grows with it.
    private static string Quote(string? text, char mark = '\'') => text is null ? "(none)" : $"{mark}{ShownText.Cut(text)}{mark}";
}
