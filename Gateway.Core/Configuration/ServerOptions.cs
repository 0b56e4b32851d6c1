using System.Net;

namespace Gateway.Core.Configuration;

/// <summary>What this node is, where it listens and where it stores.</summary>
public sealed class ServerOptions
{
    /// <summary>The host name or address that the server listens on. <c>0.0.0.0</c> listens on all.</summary>
    [TextOption("SERVER_HOST", "a host name or address", Also = ["HOST"])]
    public string ServerHost { get; internal set; } = "localhost";

    /// <summary>The TCP port; 0 takes any free one.</summary>
    [NumberOption("SERVER_PORT", 0, 65_535, "a TCP port", Also = ["PORT"])]
    public int ServerPort { get; internal set; } = 8080;

    /// <summary>
    /// The PEM file of the server's certificate, and of those between it and the root; null: TLS is left to a proxy in front. Read again
    /// when it changes.
    /// </summary>
    [TextOption("TLS_CERTIFICATE", "a PEM file")]
    public string? TlsCertificate { get; internal set; }

    /// <summary>The PEM file of the certificate's private key, not encrypted.</summary>
    [TextOption("TLS_KEY", "a PEM file")]
    public string? TlsKey { get; internal set; }

    /// <summary>The folder of everything that the process stores: the SQLite file, the journal, later uploads. Made when missing.</summary>
    [TextOption("DATA_DIR", "a folder")]
    public string DataDirectory { get; internal set; } = "data";

    /// <summary>Traffic, management, or both.</summary>
    [ChoiceOption("HUB_ROLE")]
    public HubRole Role { get; internal set; } = HubRole.All;

    /// <summary>The node's name in logs and journal, later in leases; null: host name and port.</summary>
    [TextOption("NODE_ID", "a name of at most 64 characters", Maximum = 64)]
    public string? NodeId { get; internal set; }

    /// <summary>
    /// Origins whose browser pages may call; null: those of local development in Development, else none. <c>*</c>: any, without
    /// credentials.
    /// </summary>
    [ListOption("CORS_ORIGINS", "origins such as https://app.example.com, separated by commas, or *")]
    public IReadOnlyList<string>? CorsOrigins { get; internal set; }

    /// <summary>Networks of proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed.</summary>
    [FormOption("TRUSTED_PROXIES", "addresses or networks such as 10.0.0.0/8, separated by commas", nameof(TryReadNetworks))]
    public IReadOnlyList<IPNetwork> TrustedProxies { get; internal set; } = [];

    /// <summary>The longest URL (path and query) in bytes that is read; above it the answer is 414.</summary>
    [NumberOption("MAX_URL_BYTES", 256, 64 * 1024, "bytes")]
    public int MaxUrlBytes { get; internal set; } = 8 * 1024;

    /// <summary>The most bytes of request headers; above it the answer is 431.</summary>
    [NumberOption("MAX_HEADER_BYTES", 4_096, 1024 * 1024, "bytes")]
    public int MaxHeaderBytes { get; internal set; } = 32 * 1024;

    /// <summary>How slowly a client may read its answer before it is cut off (bytes per second, after 5 s of grace).</summary>
    [NumberOption("MIN_ANSWER_BYTES_PER_SECOND", 1, 1024 * 1024, "bytes per second")]
    public int MinAnswerBytesPerSecond { get; internal set; } = 240;

    /// <summary>
    /// How long a process that was asked to stop says that it is not ready, and still takes calls, before it takes no more: until balancers
    /// have seen it. Null: not at all in Development, else 5 s.
    /// </summary>
    [SecondsOption("STOP_NOTICE_SECONDS", 0, 600)]
    public TimeSpan? StopNotice { get; internal set; }

    /// <summary>How long a running call may still take when the process stops.</summary>
    [SecondsOption("SHUTDOWN_SECONDS", 0, 3_600)]
    public TimeSpan ShutdownTimeout { get; internal set; } = TimeSpan.FromSeconds(30);

    /// <summary>The process gives memory back to the system after such a time in which it did next to nothing; zero: never.</summary>
    [SecondsOption("QUIET_SECONDS", 0, 86_400)]
    public TimeSpan QuietTime { get; internal set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a node may run its own pipeline before it says that it is ready; it answers calls meanwhile. Zero: it does not.
    /// </summary>
    [SecondsOption("WARM_UP_SECONDS", 0, 600)]
    public TimeSpan WarmUpTime { get; internal set; } = TimeSpan.FromSeconds(20);

    /// <summary>The node's name: <see cref="NodeId"/>, or what stands in for it.</summary>
    public string GetNodeName() => NodeId ?? $"{Environment.MachineName}:{ServerPort}";

    private static bool TryReadNetworks(string text, out IReadOnlyList<IPNetwork> networks)
    {
        List<IPNetwork> read = [];
        networks = read;
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(part, out var address))
            {
                read.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(part, out var network))
            {
                read.Add(network);
            }
            else
            {
                return false;
            }
        }
        return true;
    }
}
