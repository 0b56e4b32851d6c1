using System.Diagnostics;
using Gateway.Calls;
using Gateway.Limits;

namespace Gateway.Realtime;

/// <summary>A response that was asked for or has begun, and what of it has passed.</summary>
/// <param name="Call">The call that it is in the ledger.</param>
internal sealed record RealtimePart(Call Call)
{
    /// <summary>What was in the conversation when it began, or was asked for.</summary>
    public SessionContext.Size Before { get; set; }

    /// <summary>When it began, by <see cref="Stopwatch"/>.</summary>
    public long StartTimestamp { get; } = Stopwatch.GetTimestamp();

    /// <summary>Bytes of text that passed.</summary>
    public long TextBytes { get; set; }

    /// <summary>Bytes of sound that passed, in base64.</summary>
    public long SoundBytes { get; set; }

    /// <summary>What was taken for it.</summary>
    public Reservation Reservation => Call.Reservation;
}
