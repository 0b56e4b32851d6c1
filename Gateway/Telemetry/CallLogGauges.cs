namespace Gateway.Telemetry;

/// <summary>Whether lines of the call log are lost.</summary>
internal sealed class CallLogGauges(CallLogWriter writer) : IGauges
{
    public void Show(GatewayMetrics metrics) =>
        metrics.Meter.CreateObservableCounter(
            "oneui_call_log_dropped",
            () => writer.Dropped,
            "{line}",
            "Lines of the call log that were not written, because nobody reads standard output fast enough."
        );
}
