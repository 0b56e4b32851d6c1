using Gateway.Benchmarks.Load.Servers;

namespace Gateway.Benchmarks.Load;

/// <summary>A gateway that differs from others in one thing.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Environment">Its environment variables beside the common ones.</param>
/// <param name="Journal">One of <see cref="JournalVariants.All"/>.</param>
internal sealed record GatewayVariant(string Name, Dictionary<string, string> Environment, string Journal = JournalVariants.Journal)
{
    /// <summary>
    /// <c>load observe</c>: one that tells nothing, one with metrics, one that also sends a hundredth of its calls as traces.
    /// </summary>
    /// <param name="collector">Where traces go.</param>
    public static IReadOnlyList<GatewayVariant> Watched(string collector) =>
        [
            new("nothing", new() { ["OTEL_SDK_DISABLED"] = "true" }),
            new("metrics", []),
            new(
                "metrics, and traces of 1 %",
                new()
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                    ["TRACE_SAMPLE_RATIO"] = "0.01",
                }
            ),
        ];

    /// <summary><c>load journal</c>: what the journal costs a call, and what it costs that its last bytes wait for it.</summary>
    public static IReadOnlyList<GatewayVariant> Journaled { get; } = [.. JournalVariants.All.Select(v => new GatewayVariant(v, [], v))];
}
