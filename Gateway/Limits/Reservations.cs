using Gateway.Calls;
using Gateway.Ledger;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;

namespace Gateway.Limits;

/// <summary>Opens the reservation of each call. What reservations take from, in the order in which they take, and what ends them.</summary>
internal sealed class Reservations(
    RateStep rates,
    MoneyStep money,
    JournalStep journal,
    Settlement settlement,
    IUsageRecorder recorder,
    ContentKeeper contents,
    OpenReservations inFlight
)
{
    /// <summary>Windows and places in flight.</summary>
    public RateStep Rates => rates;

    /// <summary>Budgets and balances.</summary>
    public MoneyStep Money => money;

    /// <summary>The hold that a crash leaves behind.</summary>
    public JournalStep Journal => journal;

    /// <summary>What a call that went upstream is charged with.</summary>
    public Settlement Settlement => settlement;

    /// <summary>Where its row goes.</summary>
    public IUsageRecorder Recorder => recorder;

    /// <summary>Prompts and answers, when an admin wants them kept.</summary>
    public ContentKeeper Contents => contents;

    /// <summary>Those that have not ended, for those who watch.</summary>
    public OpenReservations InFlight => inFlight;

    /// <summary>The reservation of a call, with nothing taken yet.</summary>
    public Reservation Open(Call call)
    {
        var reservation = new Reservation(call, this);
        call.Add(reservation);
        return reservation;
    }
}
