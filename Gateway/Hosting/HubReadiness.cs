namespace Gateway.Hosting;

/// <summary>Whether the start is over: migrations applied and a catalogue loaded.</summary>
internal sealed class HubReadiness
{
    private volatile bool _isReady;

    public bool IsReady => _isReady;

    public void SetReady() => _isReady = true;
}
