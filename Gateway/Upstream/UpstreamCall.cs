using Gateway.Core.Configuration;

namespace Gateway.Upstream;

/// <summary>
/// One call's way upstream, over all attempts: whether somebody still waits for the answer, and when to give the upstream up. The client's
/// leaving ends the upstream call only where the policy says so; else the call is read to its end within a time and size of its own.
/// </summary>
internal sealed class UpstreamCall : IDisposable
{
    private readonly CancellationTokenSource _upstream = new();
    private readonly CancellationTokenRegistration _onClientGone;
    private readonly CancellationToken _client;

    public UpstreamCall(CancellationToken client, bool isStream, AnswerOptions options)
    {
        _client = client;
        Drains = options.OnDisconnect switch
        {
            DisconnectPolicy.Cancel => false,
            DisconnectPolicy.Drain => true,
            _ => !isStream,
        };
        var grace = Drains ? options.DrainTimeout : TimeSpan.Zero;
        _onClientGone = client.UnsafeRegister(_ => GiveUpAfter(grace), null);
    }

    /// <summary>Cancelled when the upstream call must end.</summary>
    public CancellationToken Token => _upstream.Token;

    /// <summary>Whether a call whose client left is read to its end.</summary>
    public bool Drains { get; }

    /// <summary>Whether nobody waits for the answer any more.</summary>
    public bool ClientIsGone => _client.IsCancellationRequested || WriteFailed;

    /// <summary>Set when a write to the client failed, which may be seen before its leaving is.</summary>
    public bool WriteFailed { get; set; }

    /// <summary>
    /// Whether the upstream's answer was taken over by the relay: no further attempt, and the relay has answered the client.
    /// </summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether the upstream answered that it cannot now (502, 503), so that another destination may be tried.</summary>
    public bool MayTryElsewhere { get; set; }

    /// <summary>Whether there is another destination to try.</summary>
    public bool HasOtherDestination { get; set; }

    public void Dispose()
    {
        _onClientGone.Dispose();
        _upstream.Dispose();
    }

    private void GiveUpAfter(TimeSpan grace)
    {
        try
        {
            _upstream.CancelAfter(grace);
        }
        catch (ObjectDisposedException)
        {
            // The call ended at the same moment.
        }
    }
}
