using System.Net.WebSockets;
using Gateway.Calls;

namespace Gateway.Realtime;

/// <summary>Why a session is over.</summary>
/// <param name="Outcome">One of <see cref="Outcomes"/>: of the session, and of what it was at.</param>
/// <param name="Refusal">What the client is told; null: nothing is wrong.</param>
/// <param name="Status">The status with which the gateway closes.</param>
internal sealed record SessionEnd(string Outcome, Refusal? Refusal, WebSocketCloseStatus Status)
{
    private const WebSocketCloseStatus Restart = (WebSocketCloseStatus)1012;

    /// <summary>The client has left.</summary>
    public static readonly SessionEnd ByClient = new(Outcomes.ClientLeft, null, WebSocketCloseStatus.NormalClosure);

    /// <summary>The client has closed while nothing was being made.</summary>
    public static readonly SessionEnd InOrder = new(Outcomes.Ok, null, WebSocketCloseStatus.NormalClosure);

    /// <summary>The upstream is gone.</summary>
    public static readonly SessionEnd Cut = new(
        Outcomes.UpstreamTruncated,
        Refusals.UpstreamTruncated,
        WebSocketCloseStatus.InternalServerError
    );

    /// <summary>The upstream says nothing.</summary>
    public static readonly SessionEnd Silent = new(
        Outcomes.UpstreamTimeout,
        Refusals.UpstreamTimeout,
        WebSocketCloseStatus.InternalServerError
    );

    /// <summary>The upstream sends what is no event.</summary>
    public static readonly SessionEnd Garbage = new(
        Outcomes.UpstreamInvalid,
        Refusals.UpstreamInvalid,
        WebSocketCloseStatus.InternalServerError
    );

    /// <summary>The gateway itself broke.</summary>
    public static readonly SessionEnd Fault = new(Outcomes.UpstreamInvalid, Refusals.Internal, WebSocketCloseStatus.InternalServerError);

    /// <summary>The client does not read.</summary>
    public static readonly SessionEnd Slow = new(Outcomes.ClientLeft, Refusals.ClientTooSlow, WebSocketCloseStatus.PolicyViolation);

    /// <summary>The process stops.</summary>
    public static readonly SessionEnd Stopping = new(Outcomes.Ok, Refusals.NodeStopping, Restart);

    /// <summary>The gateway ends it by a rule of its own.</summary>
    public static SessionEnd Refused(Refusal refusal) => new(Outcomes.Ok, refusal, WebSocketCloseStatus.PolicyViolation);
}
