using System.Diagnostics;
using Gateway.Telemetry;

namespace Gateway.Upstream;

/// <summary>
/// Sends <c>traceparent</c> upstream and nothing else: state and baggage are what a client chose to write, and no header of a client
/// crosses unless a list names it.
/// </summary>
internal sealed class TraceParentPropagator : DistributedContextPropagator
{
    private const string Header = TraceParent.Header;
    private const string ClientSpan = "System.Net.Http.HttpRequestOut";

    public override IReadOnlyCollection<string> Fields { get; } = [Header];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        // HttpClient's own span is never exported: a span that named it as its parent would have no parent in the trace. The forwarder's is
        // exported.
        if (activity is { OperationName: ClientSpan, Parent: { } forwarder })
        {
            activity = forwarder;
        }
        if (activity is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            setter?.Invoke(carrier, Header, id);
        }
    }

    public override void ExtractTraceIdAndState(
        object? carrier,
        PropagatorGetterCallback? getter,
        out string? traceId,
        out string? traceState
    ) => (traceId, traceState) = (null, null);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
