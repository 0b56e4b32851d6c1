using System.Diagnostics.Metrics;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Limits.Budgets;
using Gateway.Telemetry;
using static Gateway.Telemetry.GatewayMetrics;

namespace Gateway.Limits;

/// <summary>Whether this node may pay from budgets, what calls in flight hold, and how far budgets are used up.</summary>
internal sealed class LimitGauges(BudgetBook book, TrafficLock traffic) : IGauges
{
    public void Show(GatewayMetrics metrics)
    {
        metrics.Meter.CreateObservableGauge(
            "oneui_budgets",
            () => BudgetsByUse(book),
            "{budget}",
            "Budgets that calls were paid from within the last minute, by how much of their cap is spent."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_holds_open",
            () => book.OpenHolds,
            "{hold}",
            "Holds of calls in flight: one for each budget and balance that a call is paid from."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_held",
            () => Usd(book.HeldNanoUsd),
            "usd",
            "Money that calls in flight hold, summed over all budgets and balances."
        );

        metrics.Meter.CreateObservableGauge(
            "oneui_traffic_lock",
            () => traffic.IsHeld ? 1 : 0,
            description: "1: this node has the lock of the one that serves budgets; "
                + "0: another has it, and calls on budgets are refused here."
        );
    }

    private static List<Measurement<int>> BudgetsByUse(BudgetBook book)
    {
        var counts = new int[Enum.GetValues<QuotaScope>().Length, QuotaNames.Modes.Count, BudgetBands.All.Length];
        foreach (var (budget, spent) in book.BudgetsInUse())
        {
            counts[(int)budget.Scope, (int)budget.Mode, BudgetBands.Of(spent, budget.Cap.NanoUsd)]++;
        }
        List<Measurement<int>> measurements = new(counts.Length);
        foreach (var scope in Enum.GetValues<QuotaScope>())
        {
            foreach (var mode in Enum.GetValues<QuotaMode>())
            {
                for (var band = 0; band < BudgetBands.All.Length; band++)
                {
                    var count = counts[(int)scope, (int)mode, band];
                    measurements.Add(
                        new(count, Tag("scope", scope.ToName()), Tag("mode", mode.ToName()), Tag("used", BudgetBands.All[band]))
                    );
                }
            }
        }
        return measurements;
    }
}
