using System.Diagnostics.Metrics;

namespace Gateway.Admin.Events;

/// <summary>Counts what became of deliveries.</summary>
internal sealed class WebhookMetrics
{
    private readonly Counter<long> _deliveries;

    public WebhookMetrics(IMeterFactory meters)
    {
        _deliveries = meters.Create(AdminServices.MeterName).CreateCounter<long>("oneui_webhook_deliveries", "{delivery}", "Attempts to deliver an event, by how they ended.");
        _deliveries.Add(0, new KeyValuePair<string, object?>("result", "given_up"));   // an alert on an increase needs the zero before
    }

    /// <summary>One attempt is over.</summary>
    public void Attempted(bool isDelivered, bool isLast) =>
        _deliveries.Add(1, new KeyValuePair<string, object?>("result", isDelivered ? "delivered" : isLast ? "given_up" : "failed"));
}
