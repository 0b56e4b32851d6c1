using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Upstreams;
using Yarp.ReverseProxy.Model;

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
    private readonly PolicyModel _model;
    private ModelPlace? _place; // where the attempt goes

    public UpstreamCall(CancellationToken client, PolicyModel model, bool isStream, AnswerOptions options)
    {
        _client = client;
        _model = model;
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

    /// <summary>
    /// The status with which the upstream refused what another destination may take, so that it may be tried; null: none.
    /// </summary>
    public int? MovesOnFrom { get; private set; }

    /// <summary>How long the destination that <see cref="MovesOnFrom"/> wants to be left alone; null: it did not say.</summary>
    public TimeSpan? Wait { get; set; }

    /// <summary>The destinations that may be tried, the one that is tried now among them.</summary>
    public IReadOnlyList<DestinationState> Candidates { get; private set; } = [];

    /// <summary>Whether there is another destination to try.</summary>
    public bool HasOtherDestination => Candidates.Count > 1;

    /// <summary>Begins an attempt.</summary>
    public void Begin(IReadOnlyList<DestinationState> candidates)
    {
        Candidates = candidates;
        MovesOnFrom = null;
        _place = null;
    }

    /// <summary>The attempt goes to that destination.</summary>
    public ModelPlace GoTo(DestinationState destination) => _place = PlaceOf(destination);

    /// <summary>Where the model stands at a destination.</summary>
    public ModelPlace PlaceOf(DestinationState destination)
    {
        var places = _model.Places;
        for (var i = 0; i < places.Count; i++)
        {
            if (places[i].Upstream.Has(destination.DestinationId))
            {
                return places[i];
            }
        }
        throw new InvalidOperationException($"The model does not stand at {destination.DestinationId}.");
    }

    /// <summary>
    /// Whether an answer is left alone, so that another destination is tried: 502 and 503 say that this one cannot now. Another upstream
    /// has its own credential, limits and models, and may answer what this one refused for the sake of those.
    /// </summary>
    public bool MovesOn(int status)
    {
        var moves =
            !ClientIsGone
            && HasOtherDestination
            && (status is 502 or 503 || (status is 401 or 402 or 403 or 404 or 408 or 429 or 500 or 504 or 529 && HasOtherUpstream()));
        MovesOnFrom = moves ? status : null;
        return moves;
    }

    /// <summary>The candidates without those that an attempt showed to be of no use.</summary>
    /// <param name="tried">The one that was tried.</param>
    public IReadOnlyList<DestinationState> Without(DestinationState? tried) =>
        MovesOnFrom is null or 502 or 503 ? [.. Candidates.Where(d => d != tried)] : [.. Candidates.Where(d => PlaceOf(d) != _place)];

    public void Dispose()
    {
        _onClientGone.Dispose();
        _upstream.Dispose();
    }

    private bool HasOtherUpstream()
    {
        for (var i = 0; i < Candidates.Count; i++)
        {
            if (PlaceOf(Candidates[i]) != _place)
            {
                return true;
            }
        }
        return false;
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
