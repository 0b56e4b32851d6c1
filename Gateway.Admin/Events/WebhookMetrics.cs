using System.Diagnostics.Metrics;

namespace Gateway.Admin.Events;

/// <summary>
/// Counts what became of deliveries. All kinds are told from the start: an alert on an increase needs the zero before it.
/// </summary>
internal sealed class WebhookMetrics
{
    private long _delivered;
    private long _failed;
    private long _givenUp;

    public WebhookMetrics(IMeterFactory meters) =>
        meters
            .Create(AdminServices.MeterName)
            .CreateObservableCounter(
                "oneui_webhook_deliveries",
                () =>
                    new Measurement<long>[]
                    {
                        new(Interlocked.Read(ref _delivered), new KeyValuePair<string, object?>("result", "delivered")),
                        new(Interlocked.Read(ref _failed), new KeyValuePair<string, object?>("result", "failed")),
                        new(Interlocked.Read(ref _givenUp), new KeyValuePair<string, object?>("result", "given_up")),
                    },
                "{delivery}",
                "Attempts to deliver an event, by how they ended."
            );

    /// <summary>One attempt is over.</summary>
    public void Attempted(bool isDelivered, bool isLast) =>
        Interlocked.Increment(ref isDelivered ? ref _delivered : ref isLast ? ref _givenUp : ref _failed);
}
