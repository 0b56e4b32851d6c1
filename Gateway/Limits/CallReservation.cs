using Gateway.Calls;

namespace Gateway.Limits;

/// <summary>What this room knows of a call.</summary>
internal static class CallReservation
{
    extension(Call call)
    {
        /// <summary>What was taken for the call, and the one place where it ends.</summary>
        public Reservation Reservation => call.Part<Reservation>();
    }
}
