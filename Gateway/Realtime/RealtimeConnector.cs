using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Gateway.Answers;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Upstreams;
using Gateway.Limits;
using Gateway.Telemetry;
using Gateway.Upstream;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Gateway.Realtime;

/// <summary>
/// Opens the WebSocket of a session at an upstream of its model, over the connections of calls; at another one when that cannot be had.
/// </summary>
internal sealed class RealtimeConnector(
    IProxyStateLookup proxy,
    IEnumerable<ILoadBalancingPolicy> balancing,
    FailureRelay failure,
    UpstreamOptions options,
    GatewayMetrics metrics
)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    private readonly ILoadBalancingPolicy _balancing = balancing.First(b => b.Name == PriorityThenWeight.PolicyName);

    /// <summary>Opens it.</summary>
    /// <returns>Null when the client has its refusal.</returns>
    public async Task<WebSocket?> OpenAsync(HttpContext http, Call call, UpstreamCall upstreamCall)
    {
        if (!proxy.TryGetCluster(UpstreamRoutes.Cluster, out var cluster))
        {
            return await RefuseAsync(http, call, Refusals.UpstreamNotConfigured);
        }
        var candidates = Candidates.Of(call.Model, call.Api, call.OnlyUpstream, cluster.DestinationsState.AllDestinations, out var refusal);
        if (refusal is not null)
        {
            return await RefuseAsync(http, call, refusal);
        }
        http.Features.Set(upstreamCall); // the load balancing reads it
        while (true)
        {
            upstreamCall.Begin(candidates);
            var destination = _balancing.PickDestination(http, cluster, candidates)!;
            var (response, fault) = await AskAsync(http, call, upstreamCall, cluster, destination);
            if (response is { StatusCode: HttpStatusCode.SwitchingProtocols })
            {
                metrics.Attempted(destination.DestinationId, AttemptResults.Answered);
                return await OpenAsync(response);
            }
            var moves = response is null ? upstreamCall.HasOtherDestination : upstreamCall.MovesOn((int)response.StatusCode);
            metrics.Attempted(destination.DestinationId, response is null ? AttemptResults.Failed : AttemptResults.Unavailable);
            if (!moves)
            {
                using (response)
                {
                    await TellAsync(http, call, upstreamCall, response, fault);
                }
                return null;
            }
            response?.Dispose();
            metrics.Retried(destination.DestinationId);
            candidates = upstreamCall.Without(destination);
        }
    }

    private async Task<(HttpResponseMessage? Response, Refusal? Fault)> AskAsync(
        HttpContext http,
        Call call,
        UpstreamCall upstreamCall,
        ClusterState cluster,
        DestinationState destination
    )
    {
        var place = upstreamCall.GoTo(destination);
        (call.Upstream, call.Attempts) = (place.Upstream, call.Attempts + 1);
        call.SentTimestamp = call.SentTimestamp == 0 ? Stopwatch.GetTimestamp() : call.SentTimestamp;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(upstreamCall.Token);
        stop.CancelAfter(options.UpstreamFirstByteTimeout);
        using var request = RequestOf(http, call, place, destination);
        try
        {
            var response = await cluster.Model.HttpClient.SendAsync(request, stop.Token);
            var isOther = response.StatusCode == HttpStatusCode.SwitchingProtocols && !IsAccepted(request, response);
            if (!isOther)
            {
                return (response, null);
            }
            response.Dispose();
            return (null, Refusals.UpstreamInvalid);
        }
        catch (OperationCanceledException)
        {
            return (null, Refusals.UpstreamTimeout);
        }
        catch (HttpRequestException)
        {
            return (null, Refusals.UpstreamUnreachable);
        }
    }

    private static HttpRequestMessage RequestOf(HttpContext http, Call call, ModelPlace place, DestinationState destination)
    {
        var address = destination.Model.Config.Address.TrimEnd('/') + place.Upstream.Kind.PathOf(call.Api.Path);
        var request = new HttpRequestMessage(HttpMethod.Get, $"{address}?model={Uri.EscapeDataString(place.Name)}")
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("Connection", "Upgrade");
        headers.TryAddWithoutValidation("Upgrade", "websocket");
        headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        headers.TryAddWithoutValidation("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        if (http.Request.Headers[ProtocolKeyMiddleware.BetaHeader].Contains(ProtocolKeyMiddleware.Beta))
        {
            headers.TryAddWithoutValidation(ProtocolKeyMiddleware.BetaHeader, ProtocolKeyMiddleware.Beta);
        }
        place.Upstream.Sign(headers, isNative: false);
        return request;
    }

    // The hash of RFC 6455, by which a server shows that it speaks WebSocket; it wants SHA-1.
    private static bool IsAccepted(HttpRequestMessage request, HttpResponseMessage response)
    {
        var key = request.Headers.NonValidated["Sec-WebSocket-Key"].ToString();
#pragma warning disable CA5350 // what the protocol says, and no secret
        var wanted = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        return response.Headers.NonValidated.TryGetValues("Sec-WebSocket-Accept", out var accept) && accept.ToString() == wanted;
    }

    private static async Task<WebSocket> OpenAsync(HttpResponseMessage response) =>
        WebSocket.CreateFromStream(
            await response.Content.ReadAsStreamAsync(),
            new WebSocketCreationOptions { KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive }
        );

    private async Task TellAsync(HttpContext http, Call call, UpstreamCall upstreamCall, HttpResponseMessage? response, Refusal? fault)
    {
        upstreamCall.IsAnswered = response is not null;
        if (response is not null)
        {
            await failure.RelayAsync(http, response, upstreamCall);
            return;
        }
        var outcome = fault == Refusals.UpstreamTimeout ? Outcomes.UpstreamTimeout : Outcomes.UpstreamUnreachable;
        await call.Reservation.EndAsync(CallEnd.Unanswered(outcome, fault!.Status, call.Body.Members.Stream));
        await http.RefuseAsync(fault);
    }

    private static async Task<WebSocket?> RefuseAsync(HttpContext http, Call call, Refusal refusal)
    {
        await call.Reservation.EndAsync(CallEnd.NeverSent);
        await http.RefuseAsync(refusal);
        return null;
    }
}
