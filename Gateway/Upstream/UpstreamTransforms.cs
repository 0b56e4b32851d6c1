using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Upstreams;
using Gateway.Limits;
using Gateway.Limits.Bound;
using Gateway.Telemetry;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Upstream;

/// <summary>
/// What crosses: upstream only the headers on a list and the gateway's own credential; downstream what <see cref="IAnswerRelay"/> lets
/// through.
/// </summary>
internal sealed class UpstreamTransforms(IAnswerRelay relay, UpstreamOptions options, IConfiguration configuration) : ITransformProvider
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ConcurrentDictionary<(string Prefix, string Path), Uri> _addresses = new();
    private readonly bool _sendsTraces = TelemetryServices.SendsTraces(configuration); // then the forwarder's span is the parent
    private readonly string? _retries = options.LiteLlmNumRetries?.ToString(CultureInfo.InvariantCulture);

    public void ValidateRoute(TransformRouteValidationContext context) { }

    public void ValidateCluster(TransformClusterValidationContext context) { }

    public void Apply(TransformBuilderContext context)
    {
        context.CopyRequestHeaders = false;
        context.UseDefaultForwarders = false; // the upstream has no business with the client's address or our host name
        context.CopyResponseHeaders = false;
        context.CopyResponseTrailers = false;
        context.AddRequestTransform(PrepareRequest);
        context.AddResponseTransform(TakeOverAsync);
    }

    private ValueTask PrepareRequest(RequestTransformContext context)
    {
        var http = context.HttpContext;
        var call = http.GetCall();
        var request = context.ProxyRequest;
        var place = http.Features.Get<UpstreamCall>()!.GoTo(http.GetReverseProxyFeature().ProxiedDestination!);
        Adapt(call, place);
        http.Request.ContentLength = call.Body.EditedLength;
        request.RequestUri = _addresses.GetOrAdd(
            (context.DestinationPrefix, place.Upstream.Kind.PathOf(call.Api.Path)),
            static key => new Uri(key.Prefix.TrimEnd('/') + key.Path)
        );
        if (request.Content is { } content)
        {
            content.Headers.ContentType = call.Body.Members.FormBoundary is { } boundary
                ? MediaTypeHeaderValue.Parse(FormBoundary.TypeOf(boundary))
                : Json;
            content.Headers.ContentLength = call.Body.EditedLength;
        }
        var headers = request.Headers;
        headers.TryAddWithoutValidation("Accept", call.Body.Members.Stream ? "text/event-stream" : call.Api.Answers.Accepts);
        if (!_sendsTraces && TraceParent.Of(http) is { } trace)
        {
            headers.TryAddWithoutValidation(TraceParent.Header, trace);
        }
        CopyBetaHeader(http.Request.Headers, headers, "anthropic-beta");
        CopyBetaHeader(http.Request.Headers, headers, "openai-beta");
        if (http.Request.Headers["anthropic-version"] is [{ Length: > 0 and <= 32 } version])
        {
            headers.TryAddWithoutValidation("anthropic-version", version);
        }
        if (place.Upstream.Kind == UpstreamKind.LiteLlm)
        {
            headers.TryAddWithoutValidation("x-litellm-call-id", call.RequestId);
            if (_retries is not null)
            {
                headers.TryAddWithoutValidation("x-litellm-num-retries", _retries);
            }
        }
        place.Upstream.Sign(headers, isNative: call.Api.SpeaksAnthropic);
        if (call.SentTimestamp == 0)
        {
            call.SentTimestamp = Stopwatch.GetTimestamp();
        }
        return default;
    }

    // The model by its name there, and a maximum of ours by the name that is obeyed there.
    private static void Adapt(Call call, ModelPlace place)
    {
        call.Upstream = place.Upstream;
        call.Body.SetModel(place.Name, place.NameJson);
        if (call.Reservation.PutInMaximum is { } maximum)
        {
            var edit = MaximumEdit.Create(call.Api, call.Body.Members, call.Model, maximum, place.Upstream.Kind.WantsNewerMaximum);
            call.Body.Edit(edit with { IsOfAttempt = true });
        }
    }

    private async ValueTask TakeOverAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is { } response)
        {
            await relay.RelayAsync(context.HttpContext, response);
            context.SuppressResponseBody = true; // the relay has sent it, or another attempt will
        }
    }

    private void CopyBetaHeader(IHeaderDictionary from, HttpRequestHeaders to, string name)
    {
        if (options.AllowedBetaHeaders.Count == 0 || from[name] is not { Count: > 0 } values)
        {
            return;
        }
        var allowed = values
            .ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(v => options.AllowedBetaHeaders.Contains(v, StringComparer.Ordinal));
        if (string.Join(',', allowed) is { Length: > 0 } passed)
        {
            to.TryAddWithoutValidation(name, passed);
        }
    }
}
