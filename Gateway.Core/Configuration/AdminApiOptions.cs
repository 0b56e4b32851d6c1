namespace Gateway.Core.Configuration;

/// <summary>The management API.</summary>
public sealed class AdminApiOptions
{
    /// <summary>The key that secret settings are encrypted with (AES-256-GCM), 32 bytes; null: secret settings cannot be written.</summary>
    [FormOption(
        "ENCRYPTION_KEY",
        "32 random bytes in base64 that are no known example, for instance from `openssl rand -base64 32`",
        nameof(TryReadKey),
        IsSecret = true
    )]
    public byte[]? EncryptionKey { get; internal set; }

    /// <summary>Requests per minute at <c>/api/v1</c> of one address that did not sign in; 0: no limit.</summary>
    [NumberOption("RATE_LIMIT_PER_MINUTE", 0, 1_000_000, "requests")]
    public int AnonymousRequestsPerMinute { get; internal set; } = 100;

    /// <summary>Requests per minute at <c>/api/v1</c> of one user; 0: no limit.</summary>
    [NumberOption("RATE_LIMIT_USER_PER_MINUTE", 0, 1_000_000, "requests")]
    public int UserRequestsPerMinute { get; internal set; } = 600;

    /// <summary>Registrations, sign-ins and refreshes per minute of one address; 0: no limit, also none of sign-ins per email.</summary>
    [NumberOption("RATE_LIMIT_AUTH_PER_MINUTE", 0, 1_000_000, "requests")]
    public int AuthRequestsPerMinute { get; internal set; } = 20;

    /// <summary>Readings of the public catalogue per minute of one address; 0: no limit.</summary>
    [NumberOption("RATE_LIMIT_CATALOGUE_PER_MINUTE", 0, 1_000_000, "requests")]
    public int CatalogueRequestsPerMinute { get; internal set; } = 3_000;

    /// <summary>
    /// Requests of one address to public lists a minute that ask whether what the client has still holds; those answered 304 do not count
    /// in <see cref="CatalogueRequestsPerMinute"/>. 0: no limit.
    /// </summary>
    [NumberOption("RATE_LIMIT_REVALIDATIONS_PER_MINUTE", 0, 10_000_000, "requests")]
    public int RevalidationsPerMinute { get; internal set; } = 30_000;

    /// <summary>The most rows that one page of a list shows at <c>/api/v1</c>, whatever <c>limit</c> asks for.</summary>
    [NumberOption("MAX_PAGE_SIZE", 1, 10_000, "rows")]
    public int MaxPageSize { get; internal set; } = 200;

    /// <summary>The JSON body limit of <c>/api/v1</c> in bytes.</summary>
    [NumberOption("MAX_ADMIN_BODY_BYTES", 1_024, 64 * 1024 * 1024, "bytes")]
    public long MaxAdminBodyBytes { get; internal set; } = 1024 * 1024;

    /// <summary>The folder of uploads; null: <c>uploads</c> in <see cref="ServerOptions.DataDirectory"/>.</summary>
    [TextOption("UPLOAD_DIR", "a folder")]
    public string? UploadDirectory { get; internal set; }

    /// <summary>Whether <c>/docs</c> and <c>/openapi.json</c> are served.</summary>
    [SwitchOption("DOCS_ENABLED")]
    public bool DocsEnabled { get; internal set; } = true;

    /// <summary>The key for the source of exchange rates; null: there are none.</summary>
    [FormOption("EXCHANGE_RATE_API_KEY", "a key without white space", nameof(IsWithoutSpace), IsSecret = true)]
    public string? ExchangeRateApiKey { get; internal set; }

    /// <summary>The source of exchange rates; the key and <c>/latest/USD</c> are added.</summary>
    [FormOption("EXCHANGE_RATE_BASE_URL", "an http or https address", nameof(TryReadAddress))]
    public Uri ExchangeRateBaseUrl { get; internal set; } = new("https://v6.exchangerate-api.com/v6");

    private static bool TryReadKey(string text, out byte[]? key) => EncryptionKeyText.TryParse(text, out key);

    private static bool IsWithoutSpace(string text) => !text.Any(char.IsWhiteSpace);

    private static bool TryReadAddress(string text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https";
}
