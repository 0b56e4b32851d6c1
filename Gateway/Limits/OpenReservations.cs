namespace Gateway.Limits;

/// <summary>
/// The reservations of this process that have not ended, for those who watch. Adding one allocates nothing once there is room.
/// </summary>
internal sealed class OpenReservations
{
    private readonly Lock _gate = new();
    private readonly HashSet<Reservation> _open = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>A call has taken all that it needs.</summary>
    public void Add(Reservation reservation)
    {
        lock (_gate)
        {
            _open.Add(reservation);
        }
    }

    /// <summary>A call has ended; does nothing when it is not here.</summary>
    public void Remove(Reservation reservation)
    {
        lock (_gate)
        {
            _open.Remove(reservation);
        }
    }

    /// <summary>All of them, the oldest first.</summary>
    public List<Reservation> Read()
    {
        List<Reservation> open;
        lock (_gate)
        {
            open = [.. _open];
        }
        open.Sort(static (left, right) => left.Call.AdmittedAt.CompareTo(right.Call.AdmittedAt));
        return open;
    }
}
