using Gateway.Answers;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Usage;
using Gateway.Limits;
using Gateway.Telemetry;
using Gateway.Upstream;

namespace Gateway.Realtime;

/// <summary>The last stage of a session: opens it at an upstream, runs it, and writes down that it was. What sessions work with.</summary>
internal sealed partial class RealtimeDesk(
    RealtimeConnector connector,
    Reservations reservations,
    Authenticator authenticator,
    PolicySource policy,
    GatewayMetrics metrics,
    TierLabels tiers,
    CallLog log,
    AnswerOptions answers,
    RealtimeOptions options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<RealtimeDesk> logger
)
{
    /// <summary>The answer of a call that used nothing by itself.</summary>
    private static readonly MeteredAnswer Nothing = new() { Outcome = AnswerOutcome.Complete, UsageSource = UsageSource.None };

    /// <summary>Opens the reservations of parts.</summary>
    public Reservations Reservations => reservations;

    /// <summary>Says who speaks.</summary>
    public Authenticator Authenticator => authenticator;

    /// <summary>Models, tiers and prices in force.</summary>
    public PolicySnapshot Policy => policy.Current;

    /// <summary>Counts.</summary>
    public GatewayMetrics Metrics => metrics;

    /// <summary>Names tiers for those who count.</summary>
    public TierLabels Tiers => tiers;

    /// <summary>Writes a line for each part.</summary>
    public CallLog Log => log;

    /// <summary>How large events may be, and how long an upstream may be silent.</summary>
    public AnswerOptions Answers => answers;

    /// <summary>How long sessions may last.</summary>
    public RealtimeOptions Options => options;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Cancelled when the process stops.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Logs a fault that ended a session.</summary>
    public void Failed(string requestId, Exception fault) => FaultLog.Failed(logger, requestId, fault);

    /// <summary>Runs a session that was let in.</summary>
    public async Task RunAsync(HttpContext http)
    {
        var call = http.GetCall();
        using var upstreamCall = new UpstreamCall(http.RequestAborted, call.Model, isStream: true, answers);
        var upstream = await connector.OpenAsync(http, call, upstreamCall);
        if (upstream is null)
        {
            return;
        }
        using var provider = new RealtimeSocket(upstream, answers.MaxEventBytes);
        call.FirstByteAt = time.GetUtcNow().UtcDateTime;
        SessionEnd end;
        using var open = metrics.StreamOpened();
        try
        {
            var asked = http.WebSockets.WebSocketRequestedProtocols;
            var accepted = await http.WebSockets.AcceptWebSocketAsync(
                new WebSocketAcceptContext
                {
                    SubProtocol = asked.Contains(ProtocolKeyMiddleware.Realtime) ? ProtocolKeyMiddleware.Realtime : null,
                    KeepAliveInterval = TimeSpan.FromSeconds(30),
                    KeepAliveTimeout = TimeSpan.FromSeconds(30),
                }
            );
            using var client = new RealtimeSocket(accepted, answers.MaxEventBytes);
            using var session = new RealtimeSession(this, http, call, client, provider);
            end = await session.RunAsync();
        }
        finally
        {
            provider.Abort();
        }
        await call.Reservation.EndAsync(new CallEnd(Nothing, end.Outcome, StatusCodes.Status101SwitchingProtocols, IsStream: true));
    }

    private static partial class FaultLog
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Session {RequestId} failed inside the gateway.")]
        public static partial void Failed(ILogger logger, string requestId, Exception fault);
    }
}
