using Gateway.Bodies;
using Gateway.Core.Nodes;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Ledger;
using Gateway.Limits.Budgets;

namespace Gateway.Limits;

/// <summary>
/// What a node that serves traffic does. It reads calls that others work on: each figure is one that the call had, not all of one moment.
/// </summary>
internal sealed class LiveNodeMonitor(OpenReservations open, BudgetBook book, TrafficLock traffic, UsageQueue queue) : INodeMonitor
{
    private const string Balance = "balance";

    /// <inheritdoc />
    public NodeStanding Read() =>
        new(
            ServesTraffic: true,
            traffic.IsHeld,
            open.Count,
            book.OpenHolds,
            Money.FromNanoUsd(book.HeldNanoUsd),
            queue.Backlog,
            queue.OldestUnwritten
        );

    /// <inheritdoc />
    public IReadOnlyList<CallInFlight> CallsInFlight() => open.Read().ConvertAll(Show);

    private static CallInFlight Show(Reservation reservation)
    {
        var (call, hold) = (reservation.Call, reservation.Hold);
        return new CallInFlight(
            call.RequestId,
            call.Caller.User.Id,
            call.Caller.Key?.Id,
            call.Caller.TeamId,
            call.Caller.User.TierId,
            call.Model.Id,
            call.Model.Name,
            call.Api.CallType,
            call.Body.Members.Stream,
            call.AdmittedAt,
            call.Upstream?.Name,
            call.Attempts,
            call.FirstBodyTimestamp != 0,
            hold?.Amount ?? Money.Zero,
            hold is null ? [] : HoldsOf(hold)
        );
    }

    private static List<CallHolding> HoldsOf(MoneyHold hold)
    {
        List<CallHolding> holds = new(hold.Lines.Length);
        foreach (ref readonly var line in hold.Lines)
        {
            holds.Add(
                line.Budget is { } budget
                    ? new CallHolding(budget.Scope.ToName(), budget.IsDefault ? null : budget.Id, line.IsEnforced)
                    : new CallHolding(Balance, null, line.IsEnforced)
            );
        }
        return holds;
    }
}
