using Gateway.Apis;
using Gateway.Calls;
using Gateway.Core.Files;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Model;

namespace Gateway.Chats;

/// <summary>
/// Sends a call through the very stages that calls of <c>/v1</c> go through, from within the process: their endpoint, with a request and an
/// answer of its own. So there is one way to reserve, to charge and to write down.
/// </summary>
internal sealed class InnerCall(IServiceProvider services, FileStore files)
{
    /// <summary>Makes the call.</summary>
    /// <param name="outer">The request that it is made for; null: nobody waits.</param>
    /// <param name="api">What it is called in metrics and ledger.</param>
    /// <param name="order">Who pays, and for what.</param>
    /// <param name="requestId">The call's id.</param>
    /// <param name="body">What is asked.</param>
    /// <param name="answer">Takes the answer.</param>
    /// <param name="gone">Cancelled when nobody wants the answer any more.</param>
    /// <returns>The call as it ended, or why it was refused before it was one.</returns>
    public async Task<(Call? Call, Refusal? Refusal)> RunAsync(
        HttpContext? outer,
        CallApi api,
        CallOrder order,
        string requestId,
        ChatBody body,
        AnswerSink answer,
        CancellationToken gone
    )
    {
        using var scope = outer is null ? services.CreateScope() : null;
        var http = new DefaultHttpContext(Features(outer, answer, gone))
        {
            RequestServices = outer?.RequestServices ?? scope!.ServiceProvider,
        };
        http.Request.Method = HttpMethods.Post;
        http.Request.Scheme = Uri.UriSchemeHttp;
        http.Request.Host = new HostString("localhost");
        http.Request.Path = "/v1" + api.Path;
        http.Request.Protocol = HttpProtocol.Http11;
        http.Request.ContentType = "application/json";
        http.Request.ContentLength = body.Length;
        http.SetRequestId(requestId);
        http.Features.Set(order);
        http.SetEndpoint(With(api));
        await using var content = body.Open(files);
        http.Request.Body = content;
        answer.Bind(http.Response);
        await http.GetEndpoint()!.RequestDelegate!(http);
        return (http.Features.Get<Call>(), http.Features.Get<Refusal>());
    }

    private static FeatureCollection Features(HttpContext? outer, AnswerSink answer, CancellationToken gone)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature());
        features.Set<IHttpResponseFeature>(answer);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer.Body));
        features.Set<IHttpRequestBodyDetectionFeature>(WithBody.Instance);
        features.Set<IHttpRequestLifetimeFeature>(new Lifetime { RequestAborted = gone });
        features.Set<IHttpResetFeature>(NoReset.Instance);
        if (outer?.Features.Get<IHttpActivityFeature>() is { } activity)
        {
            features.Set(activity);
        }
        return features;
    }

    // The endpoint of chat completions, under another name for those who count. Asked for each time: YARP makes new ones when routes
    // change.
    private Endpoint With(CallApi api)
    {
        var forwarded = services
            .GetRequiredService<EndpointDataSource>()
            .Endpoints.First(e => e.Metadata.GetMetadata<RouteModel>()?.Config.RouteId == ApiTable.Chat.Name);
        return new Endpoint(forwarded.RequestDelegate, new EndpointMetadataCollection([.. forwarded.Metadata, api]), api.Name);
    }

    private sealed class WithBody : IHttpRequestBodyDetectionFeature
    {
        public static readonly WithBody Instance = new();

        public bool CanHaveBody => true;
    }

    // How a broken answer is told to the client is not the relay's affair here: the answer's sink knows how.
    private sealed class NoReset : IHttpResetFeature
    {
        public static readonly NoReset Instance = new();

        public void Reset(int errorCode) { }
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() { }
    }
}
